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
              .help = "URL of the Elasticsearch or OpenSearch cluster, such as "
                      "https://search.example.com:9200; it may have a path. cloud_id can replace "
                      "it."},
    OptionRow{.section = "elasticsearch",
              .key = "cloud_id",
              .field = kElastic<&E::cloud_id>,
              .help = "Cloud ID of a deployment in Elastic Cloud, from the page of the deployment. "
                      "Set this or host."},
    OptionRow{
        .section = "elasticsearch",
        .key = "index",
        .type = T::kIndexName,
        .default_text = "search-dropbox",
        .flag = "--index",
        .field = kElastic<&E::index>,
        .help = "The index to keep equal to the Dropbox. It is created if it does not exist."},
    OptionRow{.section = "elasticsearch",
              .key = "api_key",
              .type = T::kSecret,
              .field = kElastic<&E::api_key>,
              .help = "Elasticsearch API key in its encoded form. Set this, or username and "
                      "password."},
    OptionRow{.section = "elasticsearch",
              .key = "api_key_file",
              .type = T::kFile,
              .file_of = "api_key",
              .field = kElastic<&E::api_key_file>,
              .help = "A file that contains only the API key."},
    OptionRow{.section = "elasticsearch",
              .key = "api_key_command",
              .type = T::kCommand,
              .command_of = "api_key",
              .help = "A command that prints only the API key. It runs when the secret is needed; "
                      "see SECRETS."},
    OptionRow{.section = "elasticsearch",
              .key = "username",
              .field = kElastic<&E::username>,
              .help = "User name for basic authentication. It needs password."},
    OptionRow{.section = "elasticsearch",
              .key = "password",
              .type = T::kSecret,
              .field = kElastic<&E::password>,
              .help = "Password for basic authentication. It needs username."},
    OptionRow{.section = "elasticsearch",
              .key = "password_file",
              .type = T::kFile,
              .file_of = "password",
              .field = kElastic<&E::password_file>,
              .help = "A file that contains only the password."},
    OptionRow{.section = "elasticsearch",
              .key = "password_command",
              .type = T::kCommand,
              .command_of = "password",
              .help = "A command that prints only the password. It runs when the secret is needed; "
                      "see SECRETS."},
    OptionRow{.section = "elasticsearch",
              .key = "pipeline",
              .flag = "--pipeline",
              .value_name = "NAME",
              .field = kElastic<&E::pipeline>,
              .help =
                  "Ingest pipeline that each document passes through as a whole when its fields or "
                  "its content change; a change of readers alone passes through none. Another "
                  "pipeline needs a full sync, which sends all documents through it. Default: "
                  "none; with extraction.mode = \"pipeline\", "
                  "search-default-ingestion."},
    OptionRow{
        .section = "elasticsearch",
        .key = "verify_certs",
        .type = T::kBool,
        .default_text = "true",
        .flag = "--verify-certs",
        .field = kElastic<&E::verify_certs>,
        .help = "Check the certificate and host name of the cluster. Turn it off only in tests."},
    OptionRow{.section = "elasticsearch",
              .key = "ca_certs",
              .type = T::kFile,
              .flag = "--ca-certs",
              .field = kElastic<&E::ca_certs>,
              .help = "PEM file of the certificate authorities to trust, instead of those of the "
                      "operating system."},
    OptionRow{.section = "elasticsearch",
              .key = "ca_fingerprint",
              .type = T::kFingerprint,
              .field = kElastic<&E::ca_fingerprint>,
              .help = "SHA-256 fingerprint of the only certificate to trust, instead of ca_certs. "
                      "Elasticsearch prints the one of its authority when it is set up. The "
                      "cluster must send that certificate; name and dates are checked as usual."},
    OptionRow{.section = "elasticsearch",
              .key = "client_cert",
              .type = T::kFile,
              .field = kElastic<&E::client_cert>,
              .help = "PEM file of the client certificate for the cluster. With a PKI realm it "
                      "replaces an API key."},
    OptionRow{.section = "elasticsearch",
              .key = "client_key",
              .type = T::kFile,
              .field = kElastic<&E::client_key>,
              .help = "PEM file of the private key of client_cert. Default: the file of "
                      "client_cert, which then contains the key, too."},
    OptionRow{.section = "elasticsearch",
              .key = "client_key_password",
              .type = T::kSecret,
              .field = kElastic<&E::client_key_password>,
              .help = "The password of that private key."},
    OptionRow{.section = "elasticsearch",
              .key = "client_key_password_file",
              .type = T::kFile,
              .file_of = "client_key_password",
              .field = kElastic<&E::client_key_password_file>,
              .help = "A file that contains only the password of the private key."},
    OptionRow{.section = "elasticsearch",
              .key = "insecure_transport",
              .type = T::kBool,
              .default_text = "false",
              .flag = "--insecure-transport",
              .field = kElastic<&E::insecure_transport>,
              .help =
                  "Allow credentials, and files for an extraction service, over plain HTTP to a "
                  "host that is not this machine. Anyone on the network can then read them."},
    OptionRow{.section = "elasticsearch",
              .key = "proxy",
              .type = T::kProxy,
              .field = kProxy<&ProxyConfig::url>,
              .help =
                  "The proxy for the cluster, or none for a direct connection. It overrides the "
                  "variables HTTPS_PROXY, ALL_PROXY and NO_PROXY; for an http:// host, "
                  "http_proxy in lower case."},
    OptionRow{.section = "elasticsearch",
              .key = "proxy_credentials",
              .type = T::kSecret,
              .field = kProxy<&ProxyConfig::credentials>,
              .help = "User name and password for that proxy, separated by a colon."},
    OptionRow{.section = "elasticsearch",
              .key = "proxy_credentials_file",
              .type = T::kFile,
              .file_of = "proxy_credentials",
              .field = kProxy<&ProxyConfig::credentials_file>,
              .help = "A file that contains only the user name and password for that proxy."},
    OptionRow{.section = "elasticsearch",
              .key = "request_timeout",
              .type = T::kSeconds,
              .default_text = "240",
              .min = 100,
              .max = kDayMs,
              .field = kElastic<&E::request_timeout>,
              .help = "Time limit of one request to the cluster."},
    OptionRow{.section = "elasticsearch",
              .key = "compression",
              .type = T::kCompression,
              .default_text = "auto",
              .flag = "--compression",
              .field = kElastic<&E::compression>,
              .help = "Compression of bulk requests. auto compresses unless the cluster is on this "
                      "machine."},
    OptionRow{.section = "elasticsearch",
              .key = "bulk_max_bytes",
              .type = T::kBytes,
              .default_text = "5MiB",
              .min = 1024,
              .max = 2000 * kMiB,
              .field = kElastic<&E::bulk_max_bytes>,
              .help = "Maximum size of one bulk request, before compression."},
    OptionRow{.section = "elasticsearch",
              .key = "bulk_max_actions",
              .type = T::kInt,
              .default_text = "2000",
              .min = 1,
              .max = 1'000'000,
              .field = kElastic<&E::bulk_max_actions>,
              .help = "Maximum number of documents in one bulk request."},
    OptionRow{.section = "elasticsearch",
              .key = "bulk_max_concurrency",
              .type = T::kInt,
              .default_text = "2",
              .min = 1,
              .max = 64,
              .field = kElastic<&E::bulk_max_concurrency>,
              .help = "The number of parallel bulk requests."},
};

}  // namespace

std::span<const OptionRow> ElasticsearchOptions() { return kRows; }

}  // namespace dbxes::config
