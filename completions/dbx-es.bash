# SPDX-License-Identifier: Apache-2.0
# Made by 'dbx-es generate completions'; changes belong in src/cli/command_table.cc.
_dbx_es() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local command='' values i words
  [[ $word == '=' ]] && word=''
  [[ $previous == '=' ]] && previous=${COMP_WORDS[COMP_CWORD - 2]}
  case $previous in
    -c|--config) compopt -o filenames; values=$(compgen -f -- "$word") ;;
    --path) return ;;
    --concurrent-downloads) return ;;
    --host) return ;;
    --index) return ;;
    --pipeline) return ;;
    --ca-certs) compopt -o filenames; values=$(compgen -f -- "$word") ;;
    --compression) values=$(compgen -W 'auto on off' -- "$word") ;;
    --extraction) values=$(compgen -W 'off local pipeline service' -- "$word") ;;
    --state-dir) compopt -o filenames; values=$(compgen -d -- "$word") ;;
    --rules) compopt -o filenames; values=$(compgen -f -- "$word") ;;
    --max-delete) values=$(compgen -W 'auto unlimited' -- "$word") ;;
    --code) return ;;
    --redirect-uri) return ;;
    --output) compopt -o filenames; values=$(compgen -f -- "$word") ;;
    *)
      for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in auth|full-sync|incremental|acl-sync|explain|validate-rules) command=${COMP_WORDS[i]} ;; esac
      done
      words='-c --config --json -q --quiet -v --verbose --version -h --help --path --concurrent-downloads --host --index --pipeline --verify-certs --no-verify-certs --ca-certs --compression --extraction --state-dir --rules --max-delete'
      case $command in
        '') [[ $word == -* ]] || words='auth full-sync incremental acl-sync explain validate-rules' ;;
        auth) words+=' --code --listen --redirect-uri --team --print --no-browser status revoke' ;;
        full-sync) words+=' --dry-run --force --output' ;;
        incremental) words+=' --dry-run' ;;
        acl-sync) words+=' --dry-run --remove' ;;
        explain) words+=' ' ;;
        validate-rules) words+=' --remote --preview' ;;
      esac
      values=$(compgen -W "$words" -- "$word")
      ;;
  esac
  [[ -z $values ]] || mapfile -t COMPREPLY <<<"$values"
}
complete -F _dbx_es dbx-es
