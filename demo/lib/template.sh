# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Configuration files with @PLACEHOLDERS@, and the secrets for them. Needs say.sh.
#
#   setting[NAME]=VALUE            what @NAME@ stands for
#   fill_template FILE             the filled file on stdout; a placeholder without value is an error
#   random_secret                  32 hexadecimal digits

declare -A setting=()

fill_template() {
    local text name
    text=$(<"$1")
    for name in "${!setting[@]}"; do text=${text//"@$name@"/"${setting[$name]}"}; done
    if [[ $text =~ @[A-Z][A-Z0-9_]*@ ]]; then
        fail "cannot fill in $1" "nothing is known for ${BASH_REMATCH[0]}" "this is a mistake in the demo: please report it"
    fi
    printf '%s\n' "$text"
}

random_secret() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }
