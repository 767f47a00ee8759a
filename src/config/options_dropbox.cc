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
              .type = T::kDropboxPath,
              .default_text = "/",
              .flag = "--path",
              .field = kDropbox<&D::path>,
              .help =
                  "The Dropbox folder to index. It starts with a slash, and everything under it "
                  "belongs to it; \"/\" is all of the Dropbox."},
    OptionRow{.section = "dropbox",
              .key = "app_key",
              .required = true,
              .field = kDropbox<&D::app_key>,
              .help = "The app key of the Dropbox app. It stands on the app's page in the Dropbox "
                      "App Console."},
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
              .help = "A file that holds the app secret and nothing else."},
    OptionRow{.section = "dropbox",
              .key = "app_secret_command",
              .type = T::kCommand,
              .command_of = "app_secret",
              .help = "A command that prints the app secret and nothing else. It is run when the "
                      "secret is needed; see SECRETS."},
    OptionRow{.section = "dropbox",
              .key = "refresh_token",
              .type = T::kSecret,
              .required = true,
              .field = kDropbox<&D::refresh_token>,
              .help = "The OAuth refresh token of the account to index. Access tokens are derived "
                      "from it and never stored."},
    OptionRow{.section = "dropbox",
              .key = "refresh_token_file",
              .type = T::kFile,
              .file_of = "refresh_token",
              .field = kDropbox<&D::refresh_token_file>,
              .help = "A file that holds the refresh token and nothing else, where auth stores it, "
                      "too. Default: in the state folder, with the name of the configuration file "
                      "and the ending .refresh_token."},
    OptionRow{.section = "dropbox",
              .key = "refresh_token_command",
              .type = T::kCommand,
              .command_of = "refresh_token",
              .help =
                  "A command that prints the refresh token and nothing else. It is run when the "
                  "secret is needed; see SECRETS."},
    OptionRow{.section = "dropbox",
              .key = "retry_count",
              .type = T::kInt,
              .default_text = "3",
              .max = 100,
              .field = kDropbox<&D::retry_count>,
              .help = "How often a failed download is tried again before the document counts as "
                      "failed. Waits that Dropbox asks for do not count."},
    OptionRow{.section = "dropbox",
              .key = "concurrent_downloads",
              .type = T::kInt,
              .default_text = "100",
              .flag = "--concurrent-downloads",
              .min = 1,
              .max = 1000,
              .field = kDropbox<&D::concurrent_downloads>,
              .help = "How many files are downloaded at the same time."},
    OptionRow{.section = "dropbox",
              .key = "use_document_level_security",
              .type = T::kBool,
              .default_text = "false",
              .field = kDropbox<&D::use_document_level_security>,
              .help = "Store with each document who may see it in Dropbox. Changing it takes a "
                      "full sync, and acl-sync afterwards for the identities of those who search."},
    OptionRow{.section = "dropbox",
              .key = "include_inherited_users_and_groups",
              .type = T::kBool,
              .default_text = "true",
              .field = kDropbox<&D::include_inherited_users_and_groups>,
              .help = "Count the members that a file inherits from its shared folder among those "
                      "who may see it. It matters only with use_document_level_security, and "
                      "changing it then takes a full sync. Without it a file is seen by its own "
                      "members and by the account that is indexed."},
    OptionRow{.section = "dropbox",
              .key = "include_link_visibility",
              .type = T::kBool,
              .default_text = "false",
              .field = kDropbox<&D::include_link_visibility>,
              .help = "Count everybody whom a shared link of the account lets in among those who "
                      "may see its file or folder, whether they have the link or not. It matters "
                      "only with use_document_level_security; changing it then takes a full sync, "
                      "and acl-sync afterwards."},
    OptionRow{
        .section = "dropbox",
        .key = "use_text_extraction_service",
        .type = T::kBool,
        .default_text = "false",
        .field = kDropbox<&D::use_text_extraction_service>,
        .help = "The same as extraction.mode = \"service\", as Elastic's connector calls it."},
    OptionRow{.section = "dropbox",
              .key = "include_received_files",
              .type = T::kBool,
              .default_text = "true",
              .field = kDropbox<&D::include_received_files>,
              .help = "Index single files that others shared with the account, too."},
    OptionRow{.section = "dropbox",
              .key = "api_url",
              .type = T::kUrl,
              .default_text = "https://api.dropboxapi.com",
              .field = kDropbox<&D::api_url>,
              .help = "Base URL of the Dropbox API. Only a proxy or a test changes it."},
    OptionRow{.section = "dropbox",
              .key = "content_url",
              .type = T::kUrl,
              .default_text = "https://content.dropboxapi.com",
              .field = kDropbox<&D::content_url>,
              .help = "Base URL of Dropbox downloads. Only a proxy or a test changes it."},
    OptionRow{
        .section = "dropbox",
        .key = "notify_url",
        .type = T::kUrl,
        .default_text = "https://notify.dropboxapi.com",
        .field = kDropbox<&D::notify_url>,
        .help = "Base URL of Dropbox change notifications. Only a proxy or a test changes it."},
    OptionRow{.section = "dropbox",
              .key = "web_url",
              .type = T::kUrl,
              .default_text = "https://www.dropbox.com",
              .field = kDropbox<&D::web_url>,
              .help = "Base URL of the Dropbox web site, to which the url field of documents "
                      "points."},
    OptionRow{.section = "dropbox",
              .key = "proxy",
              .type = T::kProxy,
              .field = kProxy<&ProxyConfig::url>,
              .help = "The proxy on the way to Dropbox, or none for a direct way. Without it the "
                      "variables HTTPS_PROXY, ALL_PROXY and NO_PROXY count, which this setting "
                      "overrides. Its scheme is http, https, socks4, socks4a, socks5 or "
                      "socks5h."},
    OptionRow{.section = "dropbox",
              .key = "proxy_credentials",
              .type = T::kSecret,
              .field = kProxy<&ProxyConfig::credentials>,
              .help = "User name and password for that proxy, with a colon between them."},
    OptionRow{.section = "dropbox",
              .key = "proxy_credentials_file",
              .type = T::kFile,
              .file_of = "proxy_credentials",
              .field = kProxy<&ProxyConfig::credentials_file>,
              .help = "A file that holds user name and password for that proxy and nothing else."},
    OptionRow{.section = "dropbox",
              .key = "ca_certs",
              .type = T::kFile,
              .field = kDropbox<&D::ca_certs>,
              .help = "PEM file of the certificate authorities to trust for Dropbox. Without it "
                      "those of the operating system are trusted. Networks whose proxy opens "
                      "TLS connections need it."},
    OptionRow{.section = "dropbox",
              .key = "insecure_transport",
              .type = T::kBool,
              .default_text = "false",
              .field = kDropbox<&D::insecure_transport>,
              .help = "Send secrets to an api_url or content_url that is http:// and not on this "
                      "machine. Everybody on the way can then read them."},
};

}  // namespace

std::span<const OptionRow> DropboxOptions() { return kRows; }

}  // namespace dbxes::config
