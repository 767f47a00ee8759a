// SPDX-License-Identifier: Apache-2.0
// The command show: one document as the index has it.
#pragma once

#include <string>
#include <vector>

#include "base/json/json.h"
#include "base/result.h"
#include "elastic/client.h"

namespace dbxes::find {

struct DocumentView {
  std::string id;
  rapidjson::Document source;
  // Addresses of the people whose identity is on the document's access list.
  std::vector<std::string> people;
};

// `document` is an id, or a path in Dropbox, which begins with a slash; upper and lower case do not
// matter. kNotFound: the index has no such document. An id is looked up as of now, a path as of the
// index's last refresh.
Result<DocumentView> ReadDocument(elastic::Client& client, const std::string& index,
                                  const std::string& document);

// For people: a line for each field, then the readers, then the text. A long value, and without
// `whole_text` a long text, is cut.
std::vector<std::string> ViewLines(const DocumentView& view, bool whole_text);
// One JSON object on one line, nothing cut.
std::string ViewJson(const DocumentView& view);

}  // namespace dbxes::find
