// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "config/option_rows.h"

namespace dbxes::config {
namespace {

using T = OptionType;
using D = DropboxConfig;
template <auto Member>
constexpr auto kDropbox = &OptionMember<&Config::dropbox, Member>;
template <auto Member>
constexpr auto kProxy = &OptionMember<&Config::dropbox, &D::proxy, Member>;

constexpr std::array kRows{
    OptionRow{.section = "dropbox",
              .key = "path",
              .type = T::kDropboxPaths,
              .default_text = "/",
              .flag = "--path",
              .field = kDropbox<&D::paths>,
              .help =
                  "The Dropbox folder to index, with everything under it. It starts with a slash; "
                  "\"/\" is the whole Dropbox. Several folders are a list, such as [\"/Team\", "
                  "\"/Finance\"]; the flag may be repeated."},
    OptionRow{.section = "dropbox",
              .key = "app_key",
              .required = true,
              .field = kDropbox<&D::app_key>,
              .help = "The app key of the Dropbox app, from its page in the Dropbox App Console."},
    OptionRow{.section = "dropbox",
              .key = "app_secret",
              .type = T::kSecret,
              .field = kDropbox<&D::app_secret>,
              .help = "The app secret of the Dropbox app. Leave it out for a refresh token that "
                      "was obtained with PKCE."},
    OptionRow{.section = "dropbox",
              .key = "app_secret_file",
              .type = T::kFile,
              .file_of = "app_secret",
              .field = kDropbox<&D::app_secret_file>,
              .help = "A file that contains only the app secret."},
    OptionRow{.section = "dropbox",
              .key = "app_secret_command",
              .type = T::kCommand,
              .command_of = "app_secret",
              .help = "A command that prints only the app secret. It runs when the secret is "
                      "needed; see SECRETS."},
    OptionRow{.section = "dropbox",
              .key = "refresh_token",
              .type = T::kSecret,
              .required = true,
              .field = kDropbox<&D::refresh_token>,
              .help = "The OAuth refresh token of the account to index. Access tokens are derived "
                      "from it; see keep_access_token."},
    OptionRow{.section = "dropbox",
              .key = "refresh_token_file",
              .type = T::kFile,
              .file_of = "refresh_token",
              .field = kDropbox<&D::refresh_token_file>,
              .help =
                  "A file that contains only the refresh token; auth writes it. Default: in the "
                  "state folder, NAME-HASH.refresh_token with the name of the configuration file "
                  "and a hash of its path; dbx-es.refresh_token without such a file."},
    OptionRow{.section = "dropbox",
              .key = "refresh_token_command",
              .type = T::kCommand,
              .command_of = "refresh_token",
              .help = "A command that prints only the refresh token. It runs when the secret is "
                      "needed; see SECRETS."},
    OptionRow{.section = "dropbox",
              .key = "keep_access_token",
              .type = T::kBool,
              .default_text = "true",
              .field = kDropbox<&D::keep_access_token>,
              .help = "Keep the access token of a run, which Dropbox accepts for four hours, for "
                      "the next runs: a run then needs one request less. It is in the state "
                      "folder, in a file that only this user can read. No token is kept where the "
                      "state is in the cluster, or where the refresh token comes from a command, "
                      "a systemd credential or Kibana."},
    OptionRow{.section = "dropbox",
              .key = "retry_count",
              .type = T::kInt,
              .default_text = "3",
              .max = 100,
              .field = kDropbox<&D::retry_count>,
              .help =
                  "How often a failed download is retried before the document counts as failed. "
                  "Waits that Dropbox asks for do not count."},
    OptionRow{.section = "dropbox",
              .key = "concurrent_downloads",
              .type = T::kInt,
              .default_text = "100",
              .flag = "--concurrent-downloads",
              .min = 1,
              .max = 1000,
              .field = kDropbox<&D::concurrent_downloads>,
              .help = "The number of parallel downloads."},
    OptionRow{.section = "dropbox",
              .key = "bwlimit",
              .type = T::kRate,
              .default_text = "off",
              .flag = "--bwlimit",
              .min = kKiB,
              .max = 1024 * 1024 * kMiB,
              .field = kDropbox<&D::bwlimit>,
              .help = "The most bytes a second that are received from Dropbox, listings and files "
                      "together: a number, with K, M or G for KiB, MiB or GiB, such as 512K or "
                      "10M; off for no limit. What is sent to Elasticsearch is not limited."},
    OptionRow{.section = "dropbox",
              .key = "use_document_level_security",
              .type = T::kBool,
              .default_text = "false",
              .field = kDropbox<&D::use_document_level_security>,
              .help = "Store the readers of each document. A change needs a full sync, and then "
                      "acl-sync for the identities of the people who search."},
    OptionRow{.section = "dropbox",
              .key = "include_inherited_users_and_groups",
              .type = T::kBool,
              .default_text = "true",
              .field = kDropbox<&D::include_inherited_users_and_groups>,
              .help = "Count the members of a file's shared folder among its readers. Without it, "
                      "only the file's own members and the indexed account are readers. It only "
                      "has an effect with use_document_level_security; a change then needs a full "
                      "sync."},
    OptionRow{.section = "dropbox",
              .key = "include_link_visibility",
              .type = T::kBool,
              .default_text = "false",
              .field = kDropbox<&D::include_link_visibility>,
              .help = "Count everyone whom a shared link of the account gives access among the "
                      "readers of its file or folder, whether they have the link or not. It only "
                      "has an effect with use_document_level_security; a change then needs a full "
                      "sync, and then acl-sync."},
    OptionRow{.section = "dropbox",
              .key = "use_text_extraction_service",
              .type = T::kBool,
              .default_text = "false",
              .field = kDropbox<&D::use_text_extraction_service>,
              .help = "The name of Elastic's connector for extraction.mode = \"service\"."},
    OptionRow{.section = "dropbox",
              .key = "include_received_files",
              .type = T::kBool,
              .default_text = "true",
              .field = kDropbox<&D::include_received_files>,
              .help = "Also index single files that other people shared with the account."},
    OptionRow{.section = "dropbox",
              .key = "api_url",
              .type = T::kUrl,
              .default_text = "https://api.dropboxapi.com",
              .field = kDropbox<&D::api_url>,
              .help = "Base URL of the Dropbox API. Change it only for a proxy or a test."},
    OptionRow{.section = "dropbox",
              .key = "content_url",
              .type = T::kUrl,
              .default_text = "https://content.dropboxapi.com",
              .field = kDropbox<&D::content_url>,
              .help = "Base URL of Dropbox downloads. Change it only for a proxy or a test."},
    OptionRow{.section = "dropbox",
              .key = "web_url",
              .type = T::kUrl,
              .default_text = "https://www.dropbox.com",
              .field = kDropbox<&D::web_url>,
              .help = "Base URL of the Dropbox web site, for the url field of documents."},
    OptionRow{.section = "dropbox",
              .key = "proxy",
              .type = T::kProxy,
              .field = kProxy<&ProxyConfig::url>,
              .help = "The proxy for Dropbox, or none for a direct connection. It overrides the "
                      "variables HTTPS_PROXY, ALL_PROXY and NO_PROXY. Its scheme is http, https, "
                      "socks4, socks4a, socks5 or socks5h."},
    OptionRow{.section = "dropbox",
              .key = "proxy_credentials",
              .type = T::kSecret,
              .field = kProxy<&ProxyConfig::credentials>,
              .help = "User name and password for that proxy, separated by a colon."},
    OptionRow{.section = "dropbox",
              .key = "proxy_credentials_file",
              .type = T::kFile,
              .file_of = "proxy_credentials",
              .field = kProxy<&ProxyConfig::credentials_file>,
              .help = "A file that contains only the user name and password for that proxy."},
    OptionRow{.section = "dropbox",
              .key = "ca_certs",
              .type = T::kFile,
              .field = kDropbox<&D::ca_certs>,
              .help = "PEM file of the certificate authorities to trust for Dropbox, instead of "
                      "those of the operating system. Networks with a proxy that inspects TLS need "
                      "it."},
    OptionRow{.section = "dropbox",
              .key = "insecure_transport",
              .type = T::kBool,
              .default_text = "false",
              .field = kDropbox<&D::insecure_transport>,
              .help = "Allow an http:// api_url or content_url that is not on this machine. Anyone "
                      "on the network can then read the secrets that are sent."},
};

}  // namespace

std::span<const OptionRow> DropboxOptions() { return kRows; }

}  // namespace dbxes::config
