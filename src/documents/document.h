// SPDX-License-Identifier: Apache-2.0
// Makes the document that a search application sees from one entry: exactly the fields of Elastic's
// Dropbox connector, and those of dbx-es. The manual lists all of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json/json.h"
#include "base/json/json_text.h"
#include "delta/entry.h"
#include "dropbox/types.h"

namespace dbxes::documents {

// Settings that are the same for every document of a run.
struct DocumentContext {
  std::string web_url;            // base of the links to open, without a trailing slash
  std::string home_namespace_id;  // namespace of files outside shared folders
  bool pipeline_flags = false;    // an ingest pipeline is set: add the connector's switches
};

// Fields that a document may lack. A partial update must set them to null where the stored document
// has them.
struct OptionalFields {
  bool content_hash = false;
  bool extension = false;
  bool mime_type = false;
  bool shared_folder_id = false;
  bool received = false;
  bool rev = false;
  bool client_modified = false;
  bool server_modified = false;
  bool namespace_id = false;
  bool place = false;  // file_path, path_lower and ancestors

  static constexpr OptionalFields All() {
    return {true, true, true, true, true, true, true, true, true, true};
  }
};

// A document without the fields that depend on the stored one: the time of the write, and a
// folder's timestamp. AppendDocumentTail adds them.
struct Draft {
  std::string_view id;                // views into the page
  std::string_view path;              // path_lower, or the name of a received file: for messages
  std::string_view display;           // the path as Dropbox displays it, or the same name
  std::string_view shared_folder_id;  // whose members may read it; "" for none
  std::size_t json_offset = 0;        // in the builder's buffer, without the closing brace
  std::size_t json_size = 0;
  std::size_t switches_size = 0;  // of the connector's switches, which are last
  std::uint64_t fingerprint = 0;  // of all fields that come from Dropbox and the settings
  bool is_folder = false;
  OptionalFields has;
};

// The shared folder whose members may read the entry: the entry itself if it is one, else the
// shared folder that it is in.
std::string_view SharedFolderOf(const delta::Entry& entry);
// The `_timestamp` of a file. For a Paper document server_modified lags behind its edits.
std::string_view TimestampOf(const delta::Entry& entry);

class DocumentBuilder {
 public:
  explicit DocumentBuilder(DocumentContext context);

  // Drops all drafts; the buffer's memory is kept for the next page.
  void Clear();
  // A file or folder of the tree.
  Draft Build(const delta::Entry& entry);
  // A file shared with the account directly. It is not in the tree, so it has no file_path.
  Draft BuildReceived(std::string_view id, const dropbox::LinkedFile& file);

  std::string_view Json(const Draft& draft) const {
    return View(buffer_).substr(draft.json_offset, draft.json_size);
  }

 private:
  Draft Begin(std::string_view id, std::string_view type, std::string_view name);
  void WritePlace(const delta::Entry& entry, bool is_folder);
  void Enter(const delta::Entry& entry);
  void WriteName(std::string_view name, Draft& draft);
  void WriteTimes(std::string_view client, std::string_view server, Draft& draft);
  void End(Draft& draft);

  DocumentContext context_;
  JsonBuffer buffer_;
  ObjectWriter writer_{buffer_};
  // Of the folder of the last entry, as JSON: entries of one folder usually follow each other.
  std::string folder_lower_;
  std::string folder_display_;
  std::string ancestors_;   // "" before the first
  std::string folder_url_;  // without the closing quote
  std::string key_;         // of a long path, see PathKey
};

// What matters of the document that the index already holds.
struct StoredFields {
  std::string_view timestamp;  // "" if none
  OptionalFields has;          // or may have
  // Some engines run no ingest pipeline on an update: the connector's switches would then stay in
  // the document, so they are left out.
  bool without_switches = false;
};

// The numbers of one write.
struct WriteNumbers {
  std::int64_t sync_seq = 0;
  std::int64_t sync_version = 0;  // elastic/version_stamp.h
};

// The fields of drafts, separated by commas.
std::string DraftFields();
// Whether a stored document, of which all of these fields are given, has them as the draft has
// them, and those that it must not have not at all.
bool HoldsDraft(const DocumentBuilder& builder, const Draft& draft, const rapidjson::Value& stored);
// The two parts of the source: the draft's own text, owned by the builder, and the rest, which is
// appended to `out`. A folder keeps the stored time (Dropbox has none for folders), or gets `now`
// when it is new. With `stored`, optional fields that the new version lacks become null, so that a
// partial update removes them.
std::string_view DraftText(const DocumentBuilder& builder, const Draft& draft,
                           const StoredFields* stored);
void AppendDocumentTail(const Draft& draft, const WriteNumbers& numbers, std::string_view now,
                        const StoredFields* stored, std::string& out);

}  // namespace dbxes::documents
