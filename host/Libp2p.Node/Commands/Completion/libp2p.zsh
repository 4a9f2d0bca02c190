#compdef libp2p
# zsh completion for libp2p. Put this into ~/.zshrc, after compinit:  source <(libp2p completion zsh)
_libp2p_complete() {
    local line candidate
    local -a candidates
    line="${(j: :)words[2,CURRENT-1]}"
    (( CURRENT > 2 )) && line+=" "
    line+="$PREFIX"
    for candidate in "${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}"; do
        # Options only once a dash is typed: else nothing is left, and the shell completes file names.
        [[ -n $candidate && $candidate == "$PREFIX"* && ($candidate != -* || $PREFIX == -*) && $candidate != /* ]] && candidates+=("$candidate")
    done
    if (( $#candidates )); then compadd -a candidates; else _files; fi
}
compdef _libp2p_complete libp2p
