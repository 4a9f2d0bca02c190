# fish completion for libp2p. Run once:  libp2p completion fish > ~/.config/fish/completions/libp2p.fish
function __libp2p_complete
    set -l before (commandline --cut-at-cursor --tokens-expanded 2>/dev/null; or commandline --cut-at-cursor --tokenize)
    set -l word (commandline --cut-at-cursor --current-token)
    set -l words $before[2..]
    set -l line (string join ' ' -- $words $word | string collect)
    set -l candidates
    for candidate in ($before[1] "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
        string match --quiet -- '/*' $candidate; and continue
        # Options only once a dash is typed: else nothing is left, and file names are completed.
        if string match --quiet -- '-*' $candidate; and not string match --quiet -- '-*' $word
            continue
        end
        if test (string sub --length (string length -- "$word") -- $candidate) = "$word"
            set --append candidates $candidate
        end
    end
    if set --query candidates[1]
        printf '%s\n' $candidates
    else
        __fish_complete_path $word
    end
end
complete --command libp2p --no-files --arguments '(__libp2p_complete)'
