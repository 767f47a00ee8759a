// SPDX-License-Identifier: Apache-2.0
#include "config/option_table.h"

#include <fmt/format.h>

#include <array>

namespace dbxes {
namespace {

template <auto Member>
auto& Field(Config& config) {
  return config.*Member;
}
template <auto Section, auto Member>
auto& Field(Config& config) {
  return config.*Section.*Member;
}

using T = OptionType;
using D = DropboxConfig;
using E = ElasticsearchConfig;
using S = SyncConfig;
using X = ExtractionConfig;
using V = ExtractionServiceConfig;

template <auto Section, auto Part, auto Member>
auto& Field(Config& config) {
  return config.*Section.*Part.*Member;
}
template <auto Member>
constexpr auto kDropbox = &Field<&Config::dropbox, Member>;
template <auto Member>
constexpr auto kElastic = &Field<&Config::elasticsearch, Member>;
template <auto Member>
constexpr auto kExtraction = &Field<&Config::extraction, Member>;
template <auto Member>
constexpr auto kService = &Field<&Config::extraction, &X::service, Member>;
template <auto Member>
constexpr auto kSync = &Field<&Config::sync, Member>;

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kMiB = std::int64_t{1} << 20;

constexpr std::array kTable{
    OptionRow{.section = "dropbox",
              .key = "path",
              .type = T::kDropboxPath,
              .default_text = "/",
              .flag = "--path",
              .field = kDropbox<&D::path>,
              .help = "The Dropbox folder to index, with everything under it. It starts with a "
                      "slash; \"/\" is all of the Dropbox."},
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

    OptionRow{.section = "elasticsearch",
              .key = "host",
              .type = T::kUrl,
              .flag = "--host",
              .required = true,
              .field = kElastic<&E::host>,
              .help = "URL of the Elasticsearch or OpenSearch cluster, such as "
                      "https://search.example.com:9200. A path after the port is kept."},
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
              .help = "PEM file of the certificate authorities to trust. Without it those of the "
                      "operating system are trusted."},
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
              .help = "Whether bulk requests are compressed: auto, on or off. auto leaves it out "
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

    OptionRow{
        .section = "extraction",
        .key = "mode",
        .type = T::kExtractionMode,
        .default_text = "local",
        .flag = "--extraction",
        .field = kExtraction<&X::mode>,
        .help = "How the content of files becomes searchable: local, pipeline, service or off. "
                "local reads text files, HTML, XML and Paper documents itself, and Office Open "
                "XML, OpenDocument, EPUB and PDF in processes that may do nothing else; for PDF, "
                "pdftotext (poppler-utils) has to be installed. pipeline sends files as they are, "
                "through the ingest pipeline of elasticsearch.pipeline, whose attachment processor "
                "reads them. service sends them to the service of extraction_service.host. "
                "off indexes metadata alone. Changing it takes a full sync."},
    OptionRow{.section = "extraction",
              .key = "extensions",
              .field = kExtraction<&X::extensions>,
              .help = "Which files are read, by extension. Without it, those that the mode can "
                      "read. A list such as \"txt, md\" replaces the built-in one; one whose "
                      "entries begin with + or -, such as \"+dat -csv\", changes it. In the "
                      "mode local, what is added is read as plain text."},
    OptionRow{.section = "extraction",
              .key = "paper_format",
              .type = T::kPaperFormat,
              .default_text = "markdown",
              .field = kExtraction<&X::paper_format>,
              .help = "The format that Paper documents are exported in: markdown or html. Where a "
                      "document does not offer it, the other one is taken."},
    OptionRow{.section = "extraction",
              .key = "max_file_download_size",
              .type = T::kBytes,
              .default_text = "10MiB",
              .min = 1,
              .max = 1024 * kMiB,
              .field = kExtraction<&X::max_file_download_size>,
              .help = "Larger files are indexed without their content. In the mode service "
                      "extraction_service.max_file_download_size counts instead."},
    OptionRow{.section = "extraction",
              .key = "max_memory",
              .type = T::kBytes,
              .default_text = "256MiB",
              .min = 4 * kMiB,
              .max = 65'536 * kMiB,
              .field = kExtraction<&X::max_memory>,
              .help = "How much of files is held in memory at the same time, however many are "
                      "downloaded. At least four times the size of the largest file that is. "
                      "The text that a parser finds in one file is cut at a sixteenth of it."},
    OptionRow{.section = "extraction",
              .key = "max_body_chars",
              .type = T::kInt,
              .default_text = "0",
              .field = kExtraction<&X::max_body_chars>,
              .help = "How many characters of a file's text are kept; 0 keeps all. A document "
                      "whose text was cut has the field body_truncated. In the mode pipeline "
                      "the pipeline cuts, and does not tell."},
    OptionRow{.section = "extraction",
              .key = "reduce_whitespace",
              .type = T::kBool,
              .default_text = "false",
              .field = kExtraction<&X::reduce_whitespace>,
              .help = "Store each run of white space as one space. In the mode pipeline that is "
                      "always asked for."},

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

    OptionRow{.section = "sync",
              .key = "state_dir",
              .type = T::kDirectory,
              .flag = "--state-dir",
              .field = &Field<&Config::state_dir>,
              .help = "Folder of the state files and failures files. Default: the first folder in "
                      "STATE_DIRECTORY, else $XDG_STATE_HOME/dbx-es, else ~/.local/state/dbx-es."},
    OptionRow{.section = "sync",
              .key = "rules",
              .type = T::kFile,
              .flag = "--rules",
              .field = kSync<&S::rules_file>,
              .help = "File of sync rules, which choose what is indexed. dbx-es-validate-rules(1) "
                      "describes and checks it. Without one everything is indexed. Rules that "
                      "decide otherwise than those of the last run take a full sync."},
    OptionRow{.section = "sync",
              .key = "max_delete",
              .type = T::kMaxDelete,
              .default_text = "auto",
              .flag = "--max-delete",
              .field = kSync<&S::max_delete>,
              .help = "Delete nothing at all when a full sync would delete more documents than "
                      "this. auto is 100 documents or 20 % of the index, whichever is more."},
    OptionRow{.section = "sync",
              .key = "connect_timeout",
              .type = T::kSeconds,
              .default_text = "15",
              .min = 100,
              .max = kDayMs,
              .field = kSync<&S::connect_timeout>,
              .help = "How long making a connection may take."},
    OptionRow{.section = "sync",
              .key = "stall_timeout",
              .type = T::kSeconds,
              .default_text = "60",
              .min = 100,
              .max = kDayMs,
              .field = kSync<&S::stall_timeout>,
              .help = "A connection on which nothing moves for this long is broken off and tried "
                      "again."},
    OptionRow{.section = "sync",
              .key = "give_up_after",
              .type = T::kSeconds,
              .default_text = "900",
              .max = 30 * kDayMs,
              .field = kSync<&S::give_up_after>,
              .help = "How long a failing request is tried again before the run ends. The state "
                      "is saved and the next run continues."},
};

}  // namespace

std::span<const OptionRow> OptionTable() { return kTable; }

const OptionRow* FindOption(std::string_view section, std::string_view key) {
  for (const OptionRow& row : kTable) {
    if (row.section == section && row.key == key) return &row;
  }
  return nullptr;
}

}  // namespace dbxes
