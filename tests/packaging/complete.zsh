#!/usr/bin/env zsh
# SPDX-License-Identifier: Apache-2.0
#
# Prints what zsh offers after LINE, one match a line: an interactive zsh gets LINE and a tab, and prints the matches.
# Usage: complete.zsh FOLDER-OF-COMPLETIONS SCRATCH-FOLDER LINE
emulate -L zsh
zmodload zsh/zpty || exit 1

cat > $2/setup.zsh << 'SETUP'
PROMPT= RPROMPT=
stty -echo
autoload -Uz compinit && compinit -u -d $scratch/dump
bindkey '^I' complete-word
zstyle ':completion:*' insert-tab false
compadd() {
  # Functions of the completion system ask it for matches that they do not add.
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a added
  builtin compadd -A added "$@"
  (( $#added )) || return 1
  print -rl -- '<match>'$^added
}
compprefuncs=(print_begin)
comppostfuncs=(print_end)
print_begin() { print -r -- '<begin>' }
print_end() { print -r -- '<end>' }
print -r -- '<ready>'
SETUP

zpty shell "TERM=vt100 zsh -f -i"
zpty -w shell "fpath=(${(q)1} \$fpath) scratch=${(q)2}; source ${(q)2}/setup.zsh"
local said
zpty -r -m shell said $'*<ready>\r\n*' || exit 1
zpty -n -w shell "$3"$'\t'
zpty -r -m shell said '*<begin>*<end>*' || exit 1
zpty -d shell
said=${said#*'<begin>'}
print -rl -- ${${(M)${(f)${said//$'\r'/}}:#'<match>'*}#'<match>'}
