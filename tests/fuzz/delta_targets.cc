// SPDX-License-Identifier: Apache-2.0
// A page of a listing, and the documents that are made of its entries.
#include <string>

#include "base/json/json.h"
#include "delta/page_parser.h"
#include "documents/document.h"
#include "fuzz/fuzz_target.h"
#include "support/document_source.h"

namespace dbxes::fuzz {
namespace {

void CheckDocument(documents::DocumentBuilder& builder, const delta::Entry& entry) {
  const documents::Draft draft = builder.Build(entry);
  std::string source;
  documents::AppendSource(builder, draft, {1, 1}, "2026-01-31T10:00:00Z", nullptr, source);
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(source.data(), source.size());
  Require(!document.HasParseError() && document.IsObject(), "a document is a JSON object");
  Require(StringMember(document, "id") == entry.id, "a document has the id of its entry");
  Require(StringMember(document, "name") == entry.name, "a document has the name of its entry");
}

void ReadPage(std::string_view bytes) {
  delta::Page page;
  page.text = bytes;
  if (!delta::ParsePage(page)) return;
  Touch(page.cursor);
  documents::DocumentBuilder builder({"https://www.dropbox.test", "home", true});
  for (const delta::Entry& entry : page.entries) {
    for (const std::string_view text :
         {entry.id, entry.name, entry.path_lower, entry.path_display, entry.rev, entry.content_hash,
          entry.client_modified, entry.server_modified, entry.shared_folder_id,
          entry.parent_shared_folder_id}) {
      Touch(text);
    }
    const bool is_document =
        entry.kind == delta::EntryKind::kFile || entry.kind == delta::EntryKind::kFolder;
    if (is_document) CheckDocument(builder, entry);
  }
}

void ReadMetadata(std::string_view bytes) {
  std::string text(bytes);
  const auto entry = delta::ParseEntry(text);
  if (!entry) return;
  for (const std::string_view value : {entry->tag, entry->id, entry->name, entry->path_lower}) {
    Touch(value);
  }
}

const Registration metadata("metadata", ReadMetadata);
const Registration listing_page("listing_page", ReadPage);

}  // namespace
}  // namespace dbxes::fuzz
