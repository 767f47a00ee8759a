// SPDX-License-Identifier: Apache-2.0
// What src/pdf makes of the values of a PDF. Poppler itself is fuzzed by its own project.
#include <string>

#include "base/utf8.h"
#include "fuzz/fuzz_target.h"
#include "pdf/form_text.h"
#include "pdf/object_scan.h"
#include "pdf/poppler_object.h"

namespace dbxes::fuzz {
namespace {

void ReadString(std::string_view bytes) {
  const std::string text = pdf::DecodeText(bytes);
  Require(IsUtf8(text), "a string of a PDF is valid UTF-8");
  // A character of PDFDocEncoding has at most three bytes.
  Require(text.size() <= 3 * bytes.size(), "a string of a PDF stays short");
}

void ReadForm(std::string_view bytes) {
  constexpr std::size_t kMostText = 1000;
  bool damaged = false;
  const std::string text = pdf::FormTextOf(bytes, kMostText, damaged);
  Require(IsUtf8(text), "the text of a form is valid UTF-8");
  Require(text.size() <= kMostText, "the text of a form has a limit");
}

void ScanFile(std::string_view bytes) {
  std::size_t end = 0;
  for (const pdf::FoundObject& object : pdf::ScanObjects(bytes)) {
    Require(object.at >= end, "objects of a PDF are found in their order, once");
    end = static_cast<std::size_t>(object.value.data() - bytes.data()) + object.value.size();
    Require(end <= bytes.size(), "an object of a PDF ends within the file");
    pdf::KindOf(object.value);
  }
}

const Registration pdf_objects("pdf_objects", ScanFile);
const Registration pdf_string("pdf_string", ReadString);
const Registration xfa_form("xfa_form", ReadForm);

}  // namespace
}  // namespace dbxes::fuzz
