// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "config/option_rows.h"

namespace dbxes::config {
namespace {

using T = OptionType;
using V = ExtractionServiceConfig;
template <auto Member>
constexpr auto kService = &OptionMember<&Config::extraction, &ExtractionConfig::service, Member>;
template <auto Member>
constexpr auto kProxy =
    &OptionMember<&Config::extraction, &ExtractionConfig::service, &V::proxy, Member>;

constexpr std::array kRows{
    OptionRow{.section = "extraction_service",
              .key = "host",
              .type = T::kUrl,
              .field = kService<&V::host>,
              .help = "URL of the service that extracts text in the mode service, such as "
                      "http://localhost:8090."},
    OptionRow{.section = "extraction_service",
              .key = "protocol",
              .type = T::kServiceProtocol,
              .default_text = "auto",
              .field = kService<&V::protocol>,
              .help =
                  "The kind of service: elastic for Elastic's data extraction service, tika for "
                  "an Apache Tika server, auto to detect it. Tika also returns titles and "
                  "authors."},
    OptionRow{.section = "extraction_service",
              .key = "timeout",
              .type = T::kSeconds,
              .default_text = "30",
              .min = 100,
              .max = kDayMs,
              .field = kService<&V::timeout>,
              .help = "Time limit of the service for one file."},
    OptionRow{.section = "extraction_service",
              .key = "max_concurrency",
              .type = T::kInt,
              .default_text = "8",
              .min = 1,
              .max = 100,
              .field = kService<&V::max_concurrency>,
              .help = "The number of parallel requests to the service."},
    OptionRow{.section = "extraction_service",
              .key = "use_file_pointers",
              .type = T::kBool,
              .default_text = "false",
              .field = kService<&V::use_file_pointers>,
              .help = "Pass files in a shared folder instead of over the network. Only Elastic's "
                      "service supports it."},
    OptionRow{.section = "extraction_service",
              .key = "shared_volume_dir",
              .type = T::kDirectory,
              .default_text = "/app/files",
              .field = kService<&V::shared_volume_dir>,
              .help =
                  "That folder, with the same path for dbx-es and the service. dbx-es removes "
                  "its files afterwards. Their names are random; only its own user and root can "
                  "read them."},
    OptionRow{.section = "extraction_service",
              .key = "max_file_download_size",
              .type = T::kBytes,
              .default_text = "64MiB",
              .min = 1,
              .max = 1024 * kMiB,
              .field = kService<&V::max_file_download_size>,
              .help = "In the mode service, larger files are indexed without their text."},
    OptionRow{.section = "extraction_service",
              .key = "proxy",
              .type = T::kProxy,
              .field = kProxy<&ProxyConfig::url>,
              .help =
                  "The proxy for the service, or none for a direct connection. It overrides the "
                  "same variables as elasticsearch.proxy."},
    OptionRow{.section = "extraction_service",
              .key = "proxy_credentials",
              .type = T::kSecret,
              .field = kProxy<&ProxyConfig::credentials>,
              .help = "User name and password for that proxy, separated by a colon."},
    OptionRow{.section = "extraction_service",
              .key = "proxy_credentials_file",
              .type = T::kFile,
              .file_of = "proxy_credentials",
              .field = kProxy<&ProxyConfig::credentials_file>,
              .help = "A file that contains only the user name and password for that proxy."},
};

}  // namespace

std::span<const OptionRow> ExtractionServiceOptions() { return kRows; }

}  // namespace dbxes::config
