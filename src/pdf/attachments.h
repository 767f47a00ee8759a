// SPDX-License-Identifier: Apache-2.0
// The files within a PDF (ISO 32000-2, 7.11.4): in its name tree, and as marks on its pages.
#pragma once

#include <functional>
#include <string>

#include "pdf/poppler_object.h"

class PDFDoc;

namespace dbxes::pdf {

struct Attachment {
  std::string name;
  std::string bytes;
};

// Calls `read` for one after the other, so that only one is in memory, until it returns false.
void ForEachAttachment(PDFDoc& file, const Object& catalog,
                       const std::function<bool(const Attachment&)>& read);

}  // namespace dbxes::pdf
