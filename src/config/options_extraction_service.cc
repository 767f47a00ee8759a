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
              .help = "URL of the service that reads files in the mode service, such as "
                      "http://localhost:8090."},
    OptionRow{.section = "extraction_service",
              .key = "protocol",
              .type = T::kServiceProtocol,
              .default_text = "auto",
              .field = kService<&V::protocol>,
              .help = "What the service is: elastic for Elastic's data extraction service, tika "
                      "for an Apache Tika server, auto to ask it. A Tika also gives titles and "
                      "authors."},
    OptionRow{.section = "extraction_service",
              .key = "timeout",
              .type = T::kSeconds,
              .default_text = "30",
              .min = 100,
              .max = kDayMs,
              .field = kService<&V::timeout>,
              .help = "How long the service may take for one file."},
    OptionRow{.section = "extraction_service",
              .key = "max_concurrency",
              .type = T::kInt,
              .default_text = "8",
              .min = 1,
              .max = 100,
              .field = kService<&V::max_concurrency>,
              .help = "How many files the service reads at the same time."},
    OptionRow{.section = "extraction_service",
              .key = "use_file_pointers",
              .type = T::kBool,
              .default_text = "false",
              .field = kService<&V::use_file_pointers>,
              .help = "Hand files over in a folder that the service sees, too, instead of over "
                      "the network. Elastic's service alone can do it."},
    OptionRow{.section = "extraction_service",
              .key = "shared_volume_dir",
              .type = T::kDirectory,
              .default_text = "/app/files",
              .field = kService<&V::shared_volume_dir>,
              .help = "That folder, under the same path for dbx-es and the service. dbx-es takes "
                      "its files away again; they are readable by its own user and root alone."},
    OptionRow{.section = "extraction_service",
              .key = "max_file_download_size",
              .type = T::kBytes,
              .default_text = "64MiB",
              .min = 1,
              .max = 1024 * kMiB,
              .field = kService<&V::max_file_download_size>,
              .help = "Larger files are indexed without their content, in the mode service."},
    OptionRow{.section = "extraction_service",
              .key = "proxy",
              .type = T::kProxy,
              .field = kProxy<&ProxyConfig::url>,
              .help = "The proxy on the way to the service, or none for a direct way. Without it "
                      "the same variables count as for elasticsearch.proxy."},
    OptionRow{.section = "extraction_service",
              .key = "proxy_credentials",
              .type = T::kSecret,
              .field = kProxy<&ProxyConfig::credentials>,
              .help = "User name and password for that proxy, with a colon between them."},
    OptionRow{.section = "extraction_service",
              .key = "proxy_credentials_file",
              .type = T::kFile,
              .file_of = "proxy_credentials",
              .field = kProxy<&ProxyConfig::credentials_file>,
              .help = "A file that holds user name and password for that proxy and nothing else."},
};

}  // namespace

std::span<const OptionRow> ExtractionServiceOptions() { return kRows; }

}  // namespace dbxes::config
