// SPDX-License-Identifier: Apache-2.0
// The document that a search application sees, made from one entry: the fields of Elastic's Dropbox
// connector exactly, and ours beside them. The manual lists them all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json/json.h"
#include "base/json/json_text.h"
#include "delta/entry.h"
#include "dropbox/types.h"

namespace dbxes::documents {

// What is the same for every document of a run.
struct DocumentContext {
  std::string web_url;            // base of the links to open, without a trailing slash
  std::string home_namespace_id;  // namespace of what is in no shared folder
  bool pipeline_flags = false;    // an ingest pipeline is named: add the connector's switches
};

// Fields that a document may lack. A partial update must null those that the stored one has.
struct OptionalFields {
  bool content_hash = false;
  bool extension = false;
  bool mime_type = false;
  bool shared_folder_id = false;
};

// A document without what is known only once the stored one has been looked at: when it was
// written, and a folder's time. Finish adds the rest.
struct Draft {
  std::string_view id;                // views into the page
  std::string_view path;              // path_lower, or the name of a received file: for messages
  std::string_view shared_folder_id;  // whose members may read it; "" for none
  std::size_t json_offset = 0;        // in the builder's buffer, without the closing brace
  std::size_t json_size = 0;
  std::size_t switches_size = 0;  // of the connector's switches, which stand last
  std::uint64_t fingerprint = 0;  // of all fields that come from Dropbox and the settings
  bool is_folder = false;
  OptionalFields has;
};

// The shared folder whose members decide: the one that this is, else the one that it is in.
std::string_view SharedFolderOf(const delta::Entry& entry);

class DocumentBuilder {
 public:
  explicit DocumentBuilder(DocumentContext context);

  // Forgets the drafts made so far; the buffer stays for the next page.
  void Clear();
  // A file or folder of the tree.
  Draft Build(const delta::Entry& entry);
  // A file shared with the account alone; no place in the tree, hence no file_path.
  Draft BuildReceived(std::string_view id, const dropbox::LinkedFile& file);

  std::string_view Json(const Draft& draft) const {
    return View(buffer_).substr(draft.json_offset, draft.json_size);
  }

 private:
  Draft Begin(std::string_view id, std::string_view type, std::string_view name);
  void WritePlace(const delta::Entry& entry, bool is_folder);
  void Enter(const delta::Entry& entry);
  void WriteName(std::string_view name, Draft& draft);
  void End(Draft& draft);

  DocumentContext context_;
  JsonBuffer buffer_;
  ObjectWriter writer_{buffer_};
  // Of the folder of the last entry, as JSON: entries of one folder mostly come after each other.
  std::string folder_lower_;
  std::string folder_display_;
  std::string ancestors_;   // "" before the first
  std::string folder_url_;  // without the closing quote
};

// What the index already holds of a document, as far as it matters for the new one.
struct StoredFields {
  std::string_view timestamp;  // "" if none
  OptionalFields has;
  // Not every engine runs an ingest pipeline on an update: there, the connector's switches would
  // stay in the document.
  bool without_switches = false;
};

// The complete source, appended to `out`. A folder keeps the stored time (Dropbox has none for
// folders), or gets `now` when it is new. With `stored`, optional fields that the new version lacks
// become null, so that a partial update removes them.
void FinishDocument(const DocumentBuilder& builder, const Draft& draft, std::int64_t sync_seq,
                    std::string_view now, const StoredFields* stored, std::string& out);
// The two parts of it: the draft's own text, which stays the builder's, and what goes behind that.
std::string_view DraftText(const DocumentBuilder& builder, const Draft& draft,
                           const StoredFields* stored);
void AppendDocumentTail(const Draft& draft, std::int64_t sync_seq, std::string_view now,
                        const StoredFields* stored, std::string& out);

}  // namespace dbxes::documents
