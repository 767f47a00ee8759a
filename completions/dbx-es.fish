# SPDX-License-Identifier: Apache-2.0
# Made by 'dbx-es generate completions'; changes belong in src/cli/command_table.cc.
# The words before the cursor that are neither options nor their values.
function __dbx_es_words
    set -l taking -c --config --path --concurrent-downloads --host --index --pipeline --ca-certs --compression --extraction --state-dir --rules --max-delete --log-format --log-file --metrics-file --ping-url
    set -l skip no
    for word in (commandline -opc)[2..]
        if test $skip = yes
            set skip no
        else if string match -q -- '-*' $word
            contains -- $word $taking; and set skip yes
        else
            echo $word
            switch $word
                case auth
                    set -a taking --code --redirect-uri
                case full-sync
                    set -a taking --output
                case config
                    set -a taking --output
            end
        end
    end
end
# __dbx_es_at COUNT [COMMAND]: so many words before the cursor, the first of them this.
function __dbx_es_at
    set -l words (__dbx_es_words)
    test (count $words) = $argv[1]; and test "$words[1]" = "$argv[2]"
end
function __dbx_es_in
    set -l words (__dbx_es_words)
    test "$words[1]" = $argv[1]
end
complete -c dbx-es -f
complete -c dbx-es -s c -l config -r -F -d 'Read this configuration file instead of searching for one'
complete -c dbx-es -l json -d 'Print exactly one JSON object on standard output at the end, also when the command fails'
complete -c dbx-es -s q -l quiet -d 'Print nothing unless something went wrong'
complete -c dbx-es -s v -l verbose -d 'Print details: retries, waits and what was decided'
complete -c dbx-es -l version -d 'Print the version and exit'
complete -c dbx-es -s h -l help -d 'Print help and exit'
complete -c dbx-es -l path -x -d 'The Dropbox folder to index'
complete -c dbx-es -l concurrent-downloads -x -d 'How many files are downloaded at the same time'
complete -c dbx-es -l host -x -d 'URL of the Elasticsearch or OpenSearch cluster'
complete -c dbx-es -l index -x -d 'The index to keep equal to the Dropbox'
complete -c dbx-es -l pipeline -x -d 'Ingest pipeline that documents go through'
complete -c dbx-es -l verify-certs -d 'Check the cluster\'s certificate and host name'
complete -c dbx-es -l no-verify-certs -d 'The opposite of --verify-certs'
complete -c dbx-es -l ca-certs -r -F -d 'PEM file of certificate authorities to trust'
complete -c dbx-es -l insecure-transport -d 'Send credentials over plain HTTP'
complete -c dbx-es -l no-insecure-transport -d 'The opposite of --insecure-transport'
complete -c dbx-es -l compression -x -a 'auto on off' -d 'Whether bulk requests are compressed'
complete -c dbx-es -l extraction -x -a 'off local pipeline service' -d 'How the content of files becomes searchable'
complete -c dbx-es -l state-dir -x -a '(__fish_complete_directories)' -d 'Folder of the state files and failures files'
complete -c dbx-es -l rules -r -F -d 'File of the rules that choose what is indexed'
complete -c dbx-es -l max-delete -x -a 'auto unlimited' -d 'How many documents a full sync may delete'
complete -c dbx-es -l log-format -x -a 'text json' -d 'How messages are written: text or json'
complete -c dbx-es -l log-file -r -F -d 'Append all messages to this file, too'
complete -c dbx-es -l metrics-file -r -F -d 'Write metrics for Prometheus to this file'
complete -c dbx-es -l ping-url -x -d 'Tell a dead man\'s switch how runs go'
complete -c dbx-es -n '__dbx_es_at 0' -a auth -d 'get a refresh token from Dropbox'
complete -c dbx-es -n '__dbx_es_in auth' -l code -x -d 'The code that Dropbox showed'
complete -c dbx-es -n '__dbx_es_in auth' -l listen -d 'Wait for the browser instead of a pasted code'
complete -c dbx-es -n '__dbx_es_in auth' -l redirect-uri -x -d 'The redirect URI of --listen'
complete -c dbx-es -n '__dbx_es_in auth' -l team -d 'Ask for what a team\'s token takes, too'
complete -c dbx-es -n '__dbx_es_in auth' -l print -d 'Print the refresh token and store nothing'
complete -c dbx-es -n '__dbx_es_in auth' -l no-browser -d 'Open no browser, not even on a desktop'
complete -c dbx-es -n '__dbx_es_at 1 auth' -a 'status revoke' -d 'Look at the token in use, or give it back'
complete -c dbx-es -n '__dbx_es_at 0' -a check -d 'look whether everything is as a run needs it'
complete -c dbx-es -n '__dbx_es_at 0' -a full-sync -d 'make the index equal to the Dropbox'
complete -c dbx-es -n '__dbx_es_in full-sync' -l dry-run -d 'Read everything, write nothing, and say what would have been done'
complete -c dbx-es -n '__dbx_es_in full-sync' -l force -d 'Rewrite every document, also those that have not changed'
complete -c dbx-es -n '__dbx_es_in full-sync' -l output -r -F -d 'Write the documents to this file as NDJSON instead of to a cluster'
complete -c dbx-es -n '__dbx_es_at 0' -a incremental -d 'apply what changed in the Dropbox since the last run'
complete -c dbx-es -n '__dbx_es_in incremental' -l dry-run -d 'Read everything, write nothing, and say what would have been done'
complete -c dbx-es -n '__dbx_es_at 0' -a acl-sync -d 'bring identities and permissions up to date'
complete -c dbx-es -n '__dbx_es_in acl-sync' -l dry-run -d 'Read everything, write nothing, and say what would have been done'
complete -c dbx-es -n '__dbx_es_in acl-sync' -l remove -d 'Delete all identities and do nothing else, as after document level security was turned off'
complete -c dbx-es -n '__dbx_es_at 0' -a status -d 'say how the last runs went and where the sync stands'
complete -c dbx-es -n '__dbx_es_at 0' -a explain -d 'say why somebody sees a document or does not'
complete -c dbx-es -n '__dbx_es_at 0' -a validate-rules -d 'check a file of sync rules'
complete -c dbx-es -n '__dbx_es_in validate-rules' -l remote -d 'Ask Dropbox, too, whether the folders are there that advanced rules name'
complete -c dbx-es -n '__dbx_es_in validate-rules' -l preview -d 'Say what the rules would include and exclude in the real Dropbox'
complete -c dbx-es -n '__dbx_es_at 1 validate-rules' -F
complete -c dbx-es -n '__dbx_es_at 0' -a config -d 'show the settings, or take over those of Elastic\'s connector'
complete -c dbx-es -n '__dbx_es_in config' -l output -r -F -d 'Write what was imported to this new file, secrets included'
complete -c dbx-es -n '__dbx_es_at 1 config' -a 'show import' -d 'What to do'
complete -c dbx-es -n '__dbx_es_at 2 config' -F
