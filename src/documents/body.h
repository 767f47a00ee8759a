// SPDX-License-Identifier: Apache-2.0
// The fields of a document that come from its file's content. They are added once they are known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace dbxes::documents {

struct DocumentBody {
  std::string_view text;
  std::string_view title;         // "" for none
  std::string_view author;        // "" for none
  bool truncated = false;         // the text was cut at a limit
  std::uint64_t fingerprint = 0;  // of the content and of how it was extracted
  std::string_view language = {};
  bool damaged_partly = false;  // parts of the file could not be read
};

// Each of these changes `source`, the text of one JSON object. `partial`: the object updates a
// document that may already have these fields, so fields without a value are set to null.
void AddBody(const DocumentBody& body, bool partial, std::string& source);
void RemoveBody(std::string& source);

// A file for an ingest pipeline with an attachment processor, under the names that the pipelines of
// Elastic's connectors expect: the bytes, and how many characters of their text to keep. Without a
// number, the processor applies its own limit of 100,000 characters.
struct DocumentAttachment {
  std::string_view bytes;
  std::size_t max_chars = 0;  // 0: all
  std::uint64_t fingerprint = 0;
  bool switches = false;  // add the connector's switches, which the object lacks
};
void AddAttachment(const DocumentAttachment& attachment, std::string& source);

}  // namespace dbxes::documents
