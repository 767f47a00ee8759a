// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "config/option_rows.h"

namespace dbxes::config {
namespace {

using T = OptionType;
using R = ReportConfig;
template <auto Member>
constexpr auto kReport = &OptionMember<&Config::report, Member>;

constexpr std::array kRows{
    OptionRow{.section = "report",
              .key = "log_format",
              .type = T::kLogFormat,
              .default_text = "text",
              .flag = "--log-format",
              .field = kReport<&R::log_format>,
              .help = "How messages are written: text or json. json is one object a line with the "
                      "field names of the Elastic Common Schema. It holds for log_file where there "
                      "is one, else for standard error."},
    OptionRow{.section = "report",
              .key = "log_file",
              .type = T::kFile,
              .flag = "--log-file",
              .field = kReport<&R::log_file>,
              .help = "Append all messages to this file, too. -q does not silence it, and -v adds "
                      "details to it. Each run opens it anew, so that it can be rotated between "
                      "runs; a new one has mode 0600."},
    OptionRow{.section = "report",
              .key = "metrics_file",
              .type = T::kFile,
              .flag = "--metrics-file",
              .field = kReport<&R::metrics_file>,
              .help = "Write metrics for Prometheus to this file. It suits the textfile "
                      "collector of the node exporter, which wants the ending .prom, and is "
                      "replaced as a whole. Commands and indices can share one file."},
    OptionRow{.section = "report",
              .key = "ping_url",
              .type = T::kSecretUrl,
              .flag = "--ping-url",
              .field = kReport<&R::ping_url>,
              .help = "Tell a dead man's switch how runs go. Its URL is asked with /start "
                      "added when a run begins, as it is when it has ended well, and with the exit "
                      "status added, such as /5, when it has not. Better a setting "
                      "than a flag: others on this machine can see flags, and whoever knows the "
                      "URL can use it."},
    OptionRow{.section = "report",
              .key = "ping_url_file",
              .type = T::kFile,
              .file_of = "ping_url",
              .field = kReport<&R::ping_url_file>,
              .help = "A file that holds that URL and nothing else."},
};

}  // namespace

std::span<const OptionRow> ReportOptions() { return kRows; }

}  // namespace dbxes::config
