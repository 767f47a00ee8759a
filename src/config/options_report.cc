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
              .help =
                  "Format of messages: text or json. json is one object per line with the field "
                  "names of the Elastic Common Schema. It applies to log_file if that is set, "
                  "else to standard error."},
    OptionRow{.section = "report",
              .key = "log_file",
              .type = T::kFile,
              .flag = "--log-file",
              .field = kReport<&R::log_file>,
              .help = "Also append all messages to this file. -q does not affect it, and -v adds "
                      "details. Each run opens it again, so that it can be rotated between runs; a "
                      "new file has mode 0600. A run does not start if the file cannot be opened."},
    OptionRow{.section = "report",
              .key = "metrics_file",
              .type = T::kFile,
              .flag = "--metrics-file",
              .field = kReport<&R::metrics_file>,
              .help =
                  "Write metrics for Prometheus to this file, for the textfile collector of the "
                  "node exporter, which needs the extension .prom. Each run replaces the file. "
                  "Commands and indices can share one file."},
    OptionRow{.section = "report",
              .key = "ping_url",
              .type = T::kSecretUrl,
              .flag = "--ping-url",
              .field = kReport<&R::ping_url>,
              .help = "Ping a dead man's switch. A run requests its URL with /start added at the "
                      "beginning, without addition after a success, and with the exit status "
                      "added, such as /5, after a failure. Prefer the setting to a flag: other "
                      "users of this machine can see flags, and anyone who knows the URL can use "
                      "it."},
    OptionRow{.section = "report",
              .key = "ping_url_file",
              .type = T::kFile,
              .file_of = "ping_url",
              .field = kReport<&R::ping_url_file>,
              .help = "A file that contains only that URL."},
    OptionRow{.section = "report",
              .key = "trace",
              .type = T::kFile,
              .flag = "--trace",
              .environment = "DBX_ES_TRACE",
              .field = kReport<&R::trace>,
              .help =
                  "Write each request and its answer to this file, for debugging. It contains one "
                  "JSON object a line, with bodies cut at 2 KiB: no credentials, but contents of "
                  "documents. A new file has mode 0600; an existing one is continued if it "
                  "belongs to you and nobody else can read it."},
};

}  // namespace

std::span<const OptionRow> ReportOptions() { return kRows; }

}  // namespace dbxes::config
