# Completion of lvs-lab for fish. For this shell: lvs-lab completion fish | source. It asks `lvs-lab complete` for lines: a word, a tab and a
# text, or `:files` and `:folders`, which the shell finds itself.

function __lvs_lab_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    for line in (lvs-lab complete -- $before[2..-1] "$current" 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path "$current"
            case :folders
                __fish_complete_directories "$current"
            case '*'
                echo $line
        end
    end
end

complete -c lvs-lab -f -a '(__lvs_lab_complete)'
