# bash completion for libp2p. Put this into ~/.bashrc:  source <(libp2p completion bash)
_libp2p_complete() {
    local line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" candidate
    line="${line#*"${COMP_WORDS[0]}"}"
    line="${line#"${line%%[![:space:]]*}"}"
    COMPREPLY=()
    while IFS= read -r candidate; do
        # Options only once a dash is typed: else nothing is left, and the shell completes file names.
        [[ $candidate == "$word"* && ($candidate != -* || $word == -*) && $candidate != /* ]] && COMPREPLY+=("$candidate")
    done < <("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
}
complete -o default -F _libp2p_complete libp2p
