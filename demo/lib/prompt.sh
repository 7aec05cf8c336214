# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The prompt of the IVR, spoken by espeak-ng. Needs say.sh; packages espeak-ng, sox.
#
#   make_prompt DIR    writes DIR/enter_five_digits.wav: 8 kHz, 16 bit, mono, what Asterisk plays
#                      (half a second of silence first: until then a real phone has its sound)

make_prompt() {
    local file=$1/enter_five_digits.wav
    if ! espeak-ng -v en-us -s 145 --stdout 'Please enter five digits.' |
        sox -t wav - -r 8000 -c 1 -b 16 -e signed-integer "$file" norm -3 pad 0.5 0.2; then
        fail "cannot make the prompt $file" "espeak-ng or sox failed, see above" "apt-get install espeak-ng sox"
    fi
}
