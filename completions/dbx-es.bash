# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Made by 'dbx-es generate completions'; changes belong in src/cli/command_table.cc.
_dbx_es_commands='auth check full-sync incremental acl-sync status explain validate-rules config'
# Each of these sets `takes` to what may stand somewhere: file, folder, anything, or one of some words.
_dbx_es_value() { # COMMAND OPTION; '' for an option that takes no value
  takes=''
  case "$1 $2" in
    'auth --code') takes='anything' ;;
    'auth --redirect-uri') takes='anything' ;;
    'full-sync --output') takes='file' ;;
    'config --output') takes='file' ;;
    *' -c' | *' --config') takes='file' ;;
    *' --path') takes='anything' ;;
    *' --concurrent-downloads') takes='anything' ;;
    *' --host') takes='anything' ;;
    *' --index') takes='anything' ;;
    *' --pipeline') takes='anything' ;;
    *' --ca-certs') takes='file' ;;
    *' --compression') takes='one of auto on off' ;;
    *' --extraction') takes='one of off local pipeline service' ;;
    *' --state-dir') takes='folder' ;;
    *' --rules') takes='file' ;;
    *' --max-delete') takes='one of auto unlimited' ;;
    *' --log-format') takes='one of text json' ;;
    *' --log-file') takes='file' ;;
    *' --metrics-file') takes='file' ;;
    *' --ping-url') takes='anything' ;;
  esac
}
_dbx_es_argument() { # COMMAND NUMBER
  takes=''
  case "$1 $2" in
    'auth 0') takes='one of status revoke' ;;
    'explain 0') takes='anything' ;;
    'explain 1') takes='anything' ;;
    'validate-rules 0') takes='file' ;;
    'config 0') takes='one of show import' ;;
    'config 1') takes='file' ;;
  esac
}
_dbx_es_options() { # COMMAND
  takes='one of -c --config --json -q --quiet -v --verbose --version -h --help --path --concurrent-downloads --host --index --pipeline --verify-certs --no-verify-certs --ca-certs --insecure-transport --no-insecure-transport --compression --extraction --state-dir --rules --max-delete --log-format --log-file --metrics-file --ping-url'
  case $1 in
    auth) takes+=' --code --listen --redirect-uri --team --print --no-browser' ;;
    full-sync) takes+=' --dry-run --force --output' ;;
    incremental) takes+=' --dry-run' ;;
    acl-sync) takes+=' --dry-run --remove' ;;
    validate-rules) takes+=' --remote --preview' ;;
    config) takes+=' --output' ;;
  esac
}
_dbx_es() {
  local word=${COMP_WORDS[COMP_CWORD]} command='' option='' before='' takes='' words='' token
  local -i i arguments=0
  for ((i = 1; i < COMP_CWORD; i++)); do
    token=${COMP_WORDS[i]}
    if [[ -n $option ]]; then
      # bash makes a word of its own of the equals sign in --name=value.
      [[ $token == '=' ]] || option=''
    elif [[ $token == -* ]]; then
      _dbx_es_value "$command" "$token"
      [[ -z $takes ]] || option=$token
    elif [[ -z $command ]]; then
      command=$token
    else
      arguments+=1
    fi
  done
  [[ $word != '=' ]] || word=''
  if [[ $word == --*=* ]]; then # unless COMP_WORDBREAKS was changed
    option=${word%%=*} before=${word%%=*}= word=${word#*=}
  fi
  if [[ -n $option ]]; then
    _dbx_es_value "$command" "$option"
  elif [[ -z $command && $word != -* ]]; then
    takes="one of $_dbx_es_commands"
  else
    takes=''
    [[ $word == -* ]] || _dbx_es_argument "$command" "$arguments"
    [[ -n $takes ]] || _dbx_es_options "$command"
  fi
  COMPREPLY=()
  case $takes in
    file)
      compopt -o filenames 2> /dev/null
      words=$(compgen -f -- "${word/#'~/'/"$HOME/"}")
      ;;
    folder)
      compopt -o filenames 2> /dev/null
      words=$(compgen -d -- "${word/#'~/'/"$HOME/"}")
      ;;
    'one of '*) words=$(compgen -W "${takes#one of }" -- "$word") ;;
  esac
  [[ -z $words ]] || mapfile -t COMPREPLY <<< "$words"
  [[ -z $before ]] || COMPREPLY=("${COMPREPLY[@]/#/$before}")
}
complete -F _dbx_es dbx-es
