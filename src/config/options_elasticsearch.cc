// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "config/option_rows.h"

namespace dbxes::config {
namespace {

using T = OptionType;
using E = ElasticsearchConfig;
template <auto Member>
constexpr auto kElastic = &OptionMember<&Config::elasticsearch, Member>;
template <auto Member>
constexpr auto kProxy = &OptionMember<&Config::elasticsearch, &E::proxy, Member>;

constexpr std::array kRows{
    OptionRow{.section = "elasticsearch",
              .key = "host",
              .type = T::kUrl,
              .flag = "--host",
              .required = true,
              .field = kElastic<&E::host>,
              .help = "URL of the Elasticsearch or OpenSearch cluster. An example is "
                      "https://search.example.com:9200; a path after the port is kept. "
                      "cloud_id may stand in its place."},
    OptionRow{.section = "elasticsearch",
              .key = "cloud_id",
              .field = kElastic<&E::cloud_id>,
              .help = "Cloud ID of a deployment in Elastic Cloud, as its page there shows it. Give "
                      "this or host."},
    OptionRow{.section = "elasticsearch",
              .key = "index",
              .type = T::kIndexName,
              .default_text = "search-dropbox",
              .flag = "--index",
              .field = kElastic<&E::index>,
              .help = "The index to keep equal to the Dropbox. It is created when it is absent."},
    OptionRow{.section = "elasticsearch",
              .key = "api_key",
              .type = T::kSecret,
              .field = kElastic<&E::api_key>,
              .help = "Elasticsearch API key in its encoded form. Give this or username and "
                      "password."},
    OptionRow{.section = "elasticsearch",
              .key = "api_key_file",
              .type = T::kFile,
              .file_of = "api_key",
              .field = kElastic<&E::api_key_file>,
              .help = "A file that holds the API key and nothing else."},
    OptionRow{.section = "elasticsearch",
              .key = "api_key_command",
              .type = T::kCommand,
              .command_of = "api_key",
              .help = "A command that prints the API key and nothing else. It is run when the "
                      "secret is needed; see SECRETS."},
    OptionRow{.section = "elasticsearch",
              .key = "username",
              .field = kElastic<&E::username>,
              .help = "User name for basic authentication. It goes with password."},
    OptionRow{.section = "elasticsearch",
              .key = "password",
              .type = T::kSecret,
              .field = kElastic<&E::password>,
              .help = "Password for basic authentication. It goes with username."},
    OptionRow{.section = "elasticsearch",
              .key = "password_file",
              .type = T::kFile,
              .file_of = "password",
              .field = kElastic<&E::password_file>,
              .help = "A file that holds the password and nothing else."},
    OptionRow{.section = "elasticsearch",
              .key = "password_command",
              .type = T::kCommand,
              .command_of = "password",
              .help = "A command that prints the password and nothing else. It is run when the "
                      "secret is needed; see SECRETS."},
    OptionRow{.section = "elasticsearch",
              .key = "pipeline",
              .flag = "--pipeline",
              .field = kElastic<&E::pipeline>,
              .help = "Ingest pipeline that documents go through. Without one, documents are "
                      "stored as they are; with extraction.mode = \"pipeline\" it is "
                      "search-default-ingestion unless you name another."},
    OptionRow{.section = "elasticsearch",
              .key = "verify_certs",
              .type = T::kBool,
              .default_text = "true",
              .flag = "--verify-certs",
              .field = kElastic<&E::verify_certs>,
              .help = "Check the cluster's certificate and host name. Turn it off in tests only."},
    OptionRow{.section = "elasticsearch",
              .key = "ca_certs",
              .type = T::kFile,
              .flag = "--ca-certs",
              .field = kElastic<&E::ca_certs>,
              .help = "PEM file of certificate authorities to trust. Without it those of the "
                      "operating system are trusted."},
    OptionRow{.section = "elasticsearch",
              .key = "ca_fingerprint",
              .type = T::kFingerprint,
              .field = kElastic<&E::ca_fingerprint>,
              .help = "SHA-256 fingerprint of the one certificate to trust, instead of ca_certs. "
                      "Elasticsearch prints that of its authority when it is set up. The cluster "
                      "has to send the certificate along; its name and dates are checked as "
                      "ever."},
    OptionRow{.section = "elasticsearch",
              .key = "client_cert",
              .type = T::kFile,
              .field = kElastic<&E::client_cert>,
              .help = "PEM file of the certificate that dbx-es shows to the cluster. With a PKI "
                      "realm it takes the place of an API key."},
    OptionRow{.section = "elasticsearch",
              .key = "client_key",
              .type = T::kFile,
              .field = kElastic<&E::client_key>,
              .help = "PEM file of the private key to client_cert. Without it, the key stands in "
                      "the file of client_cert."},
    OptionRow{.section = "elasticsearch",
              .key = "client_key_password",
              .type = T::kSecret,
              .field = kElastic<&E::client_key_password>,
              .help = "Password of that private key."},
    OptionRow{.section = "elasticsearch",
              .key = "client_key_password_file",
              .type = T::kFile,
              .file_of = "client_key_password",
              .field = kElastic<&E::client_key_password_file>,
              .help = "A file that holds the password of the private key and nothing else."},
    OptionRow{.section = "elasticsearch",
              .key = "insecure_transport",
              .type = T::kBool,
              .default_text = "false",
              .flag = "--insecure-transport",
              .field = kElastic<&E::insecure_transport>,
              .help = "Send credentials over plain HTTP. Everybody on the way can then read them; "
                      "without it an http:// host is refused unless it is this machine."},
    OptionRow{.section = "elasticsearch",
              .key = "proxy",
              .type = T::kProxy,
              .field = kProxy<&ProxyConfig::url>,
              .help = "The proxy on the way to the cluster, or none for a direct way. Without it "
                      "the variables HTTPS_PROXY, ALL_PROXY and NO_PROXY count, which this "
                      "setting overrides; for an http:// host, http_proxy in small letters."},
    OptionRow{.section = "elasticsearch",
              .key = "proxy_credentials",
              .type = T::kSecret,
              .field = kProxy<&ProxyConfig::credentials>,
              .help = "User name and password for that proxy, with a colon between them."},
    OptionRow{.section = "elasticsearch",
              .key = "proxy_credentials_file",
              .type = T::kFile,
              .file_of = "proxy_credentials",
              .field = kProxy<&ProxyConfig::credentials_file>,
              .help = "A file that holds user name and password for that proxy and nothing else."},
    OptionRow{.section = "elasticsearch",
              .key = "request_timeout",
              .type = T::kSeconds,
              .default_text = "240",
              .min = 100,
              .max = kDayMs,
              .field = kElastic<&E::request_timeout>,
              .help = "How long one request to the cluster may take."},
    OptionRow{.section = "elasticsearch",
              .key = "compression",
              .type = T::kCompression,
              .default_text = "auto",
              .flag = "--compression",
              .field = kElastic<&E::compression>,
              .help = "Whether bulk requests are compressed. auto leaves it out "
                      "towards a cluster on the same machine."},
    OptionRow{.section = "elasticsearch",
              .key = "bulk_max_bytes",
              .type = T::kBytes,
              .default_text = "5MiB",
              .min = 1024,
              .max = 2000 * kMiB,
              .field = kElastic<&E::bulk_max_bytes>,
              .help = "How large one bulk request grows, before compression."},
    OptionRow{.section = "elasticsearch",
              .key = "bulk_max_actions",
              .type = T::kInt,
              .default_text = "2000",
              .min = 1,
              .max = 1'000'000,
              .field = kElastic<&E::bulk_max_actions>,
              .help = "How many documents one bulk request holds at most."},
    OptionRow{.section = "elasticsearch",
              .key = "bulk_max_concurrency",
              .type = T::kInt,
              .default_text = "2",
              .min = 1,
              .max = 64,
              .field = kElastic<&E::bulk_max_concurrency>,
              .help = "How many bulk requests are in flight at the same time."},
};

}  // namespace

std::span<const OptionRow> ElasticsearchOptions() { return kRows; }

}  // namespace dbxes::config
