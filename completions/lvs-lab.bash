# shellcheck shell=bash
# Completion of lvs-lab for bash. For this shell: eval "$(lvs-lab completion bash)". It asks `lvs-lab complete` for lines: a word, a tab and
# a text, or `:files` and `:folders`, which the shell finds itself.

_lvs_lab() {
  local line=${COMP_LINE:0:COMP_POINT} breaks='' kept='' last rest word path kind
  # Quotes are not looked into: what stands in them changes nothing that is offered behind them.
  local -a words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  last=${words[${#words[@]} - 1]}
  # bash takes what is behind these for a word of its own, and puts a candidate in the place of that alone.
  [[ $COMP_WORDBREAKS == *:* ]] && breaks+=':'
  [[ $COMP_WORDBREAKS == *=* ]] && breaks+='='
  [[ -n $breaks ]] && kept=${last%"${last##*["$breaks"]}"}
  rest=${last#"$kept"}
  COMPREPLY=()
  while IFS=$'\t' read -r word _; do
    case $word in
      :files | :folders)
        compopt -o filenames 2>/dev/null
        kind=-f
        [[ $word == :folders ]] && kind=-d
        while read -r path; do COMPREPLY+=("$path"); done < <(compgen "$kind" -- "$rest")
        ;;
      *) COMPREPLY+=("${word#"$kept"}") ;;
    esac
  done < <(lvs-lab complete -- "${words[@]:1}" 2>/dev/null)
}

complete -F _lvs_lab lvs-lab
