// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "config/option_rows.h"

namespace dbxes::config {
namespace {

using T = OptionType;
using S = SyncConfig;
template <auto Member>
constexpr auto kSync = &OptionMember<&Config::sync, Member>;

constexpr std::array kRows{
    OptionRow{.section = "sync",
              .key = "state_dir",
              .type = T::kDirectory,
              .flag = "--state-dir",
              .field = &OptionMember<&Config::state_dir>,
              .help = "Folder of the state files and failures files. Default: the first folder in "
                      "STATE_DIRECTORY, else $XDG_STATE_HOME/dbx-es, else ~/.local/state/dbx-es."},
    OptionRow{.section = "sync",
              .key = "state",
              .type = T::kStateKind,
              .default_text = "folder",
              .field = kSync<&S::state>,
              .help = "Where the state is kept. folder: in state_dir. cluster: in the hidden index "
                      "dbx-es-INDEX beside the index, for machines without a folder that lasts, "
                      "such as containers without a volume, and for several machines. "
                      "dbx-es-state(1) moves a state."},
    OptionRow{.section = "sync",
              .key = "lease",
              .type = T::kSeconds,
              .default_text = "60",
              .min = 10'000,
              .max = kDayMs,
              .field = kSync<&S::lease>,
              .help =
                  "With state = \"cluster\": how long a run that was killed keeps others out. A "
                  "run writes a sign of life every quarter of this time."},
    OptionRow{.section = "sync",
              .key = "rules",
              .type = T::kFile,
              .flag = "--rules",
              .field = kSync<&S::rules_file>,
              .help =
                  "File of the sync rules, which choose what is indexed; see dbx-es-rules(7). "
                  "dbx-es-validate-rules(1) checks it. Without it, the rules that are active in "
                  "Kibana count (connector.rules); without these, the patterns alone decide. "
                  "Changed rules need a full sync."},
    OptionRow{.section = "sync",
              .key = "include",
              .type = T::kGlobs,
              .flag = "--include",
              .field = kSync<&S::include>,
              .help = "Index only what one of these patterns matches, such as \"*.pdf\"; the flag "
                      "may be repeated. See dbx-es-rules(7), PATTERNS. A changed list needs a "
                      "full sync."},
    OptionRow{.section = "sync",
              .key = "exclude",
              .type = T::kGlobs,
              .flag = "--exclude",
              .field = kSync<&S::exclude>,
              .help = "Leave out what one of these patterns matches, such as \"*.tmp\" or "
                      "\"/Archive\"; the flag may be repeated. A document that both lists match "
                      "is left out. See dbx-es-rules(7), PATTERNS. A changed list needs a "
                      "full sync."},
    OptionRow{.section = "sync",
              .key = "max_delete",
              .type = T::kMaxDelete,
              .default_text = "auto",
              .flag = "--max-delete",
              .field = kSync<&S::max_delete>,
              .help = "How many documents a run may delete. If it would delete more, it deletes "
                      "nothing and ends with exit status 7. auto is 100 documents or 20 % of the "
                      "index, whichever is more, but at most half of the index. For deletions that "
                      "Dropbox reports one by one, as in incremental runs, auto is half of the "
                      "index: a folder that its owner deletes passes. Ten documents always pass."},
    OptionRow{.section = "sync",
              .key = "connect_timeout",
              .type = T::kSeconds,
              .default_text = "15",
              .min = 100,
              .max = kDayMs,
              .field = kSync<&S::connect_timeout>,
              .help = "Time limit for connecting."},
    OptionRow{.section = "sync",
              .key = "stall_timeout",
              .type = T::kSeconds,
              .default_text = "60",
              .min = 100,
              .max = kDayMs,
              .field = kSync<&S::stall_timeout>,
              .help = "A connection with less than 1 KiB of traffic a second for this long is "
                      "closed and the request is retried."},
    OptionRow{.section = "sync",
              .key = "give_up_after",
              .type = T::kSeconds,
              .default_text = "900",
              .max = 30 * kDayMs,
              .field = kSync<&S::give_up_after>,
              .help = "How long a failing request is retried before the run ends. The state is "
                      "saved and the next run continues. At the start of a run, a cluster that "
                      "refuses connections is retried for 5 seconds only."},
};

}  // namespace

std::span<const OptionRow> SyncOptions() { return kRows; }

}  // namespace dbxes::config
