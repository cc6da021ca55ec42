#compdef lvs-lab
# Completion of lvs-lab for zsh. For this shell: eval "$(lvs-lab completion zsh)". It asks `lvs-lab complete` for lines: a word, a tab and a
# text, or `:files` and `:folders`, which the shell finds itself.

_lvs_lab() {
  local word text
  local -a found
  while IFS=$'\t' read -r word text; do
    case $word in
      :files) _files ;;
      :folders) _files -/ ;;
      *) found+=("${word//:/\\:}${text:+:$text}") ;;
    esac
  done < <(lvs-lab complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
  (( ${#found} )) && _describe 'lvs-lab' found
}

# As a file _lvs-lab in a folder of fpath this is the function itself.
if [[ ${funcstack[1]} == _lvs-lab ]]; then
  _lvs_lab
else
  compdef _lvs_lab lvs-lab
fi
