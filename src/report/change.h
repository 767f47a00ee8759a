// SPDX-License-Identifier: Apache-2.0
// What a run did to one document, or would do in a dry run, and how that is written: as a line of
// text and as a JSON object. No I/O.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dbxes::report {

enum class ChangeAction : std::uint8_t {
  kCreated,
  kUpdated,
  kMoved,
  kDeleted,
  kDropped,      // by an ingest pipeline
  kExcluded,     // by sync rules
  kWithoutText,  // its file has a text that the index lacks
};

struct Change {
  ChangeAction action = ChangeAction::kCreated;
  bool is_identity = false;  // a person's identity, not a document
  std::string id;            // of the document, or the e-mail address
  std::string path = {};     // as Dropbox displays it, or the name of a received file
  std::string from = {};     // kMoved: the path before
  // kUpdated, kMoved: names of the fields that differ, without those that dbx-es keeps for itself.
  std::vector<std::string> fields = {};
  // Its text differs although the index seems to have it: only a full sync with --force fetches it.
  bool text_seems_right = false;
  std::string reason = {};  // "" where the action says all
  std::string no_text =
      {};  // why the document has no text, in the word of the counter; "" if it has
};

// "moved", "without_text": the name in JSON.
std::string_view ToString(ChangeAction action);
// "updated /Team/a.txt (size, body)", without a line break. Names are not escaped: print it with
// Printable().
std::string ChangeLine(const Change& change);
// One JSON object on one line, without a line break. dbx-es(1) describes its members; removing one
// or changing its meaning is a breaking change. `wall_micros`: when it was acknowledged.
std::string ChangeJson(const Change& change, std::int64_t wall_micros);

}  // namespace dbxes::report
