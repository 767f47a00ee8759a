// SPDX-License-Identifier: Apache-2.0
// Finds the objects of a PDF by what begins each of them ("12 0 obj"), without its table of
// objects.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace dbxes::pdf {

// By /Type; what is needed to find the pages.
enum class ObjectKind : std::uint8_t { kOther, kCatalog, kPage, kObjectStream };

ObjectKind KindOf(std::string_view dictionary);

// Numbers of objects are below this one, as in PDF 1.7 (annex C); a table of all of them takes 7
// MB.
inline constexpr int kMostObjects = 1'000'000;

struct FoundObject {
  int number = 0;
  int generation = 0;
  std::size_t at = 0;      // of its number in the file
  std::string_view value;  // without the bytes of a stream
};

// In the order of the file. Objects of attached files are left out where the length of their stream
// is right. Linear in the size of the file.
std::vector<FoundObject> ScanObjects(std::string_view bytes);

// The number at `at`, which moves behind it; -1 if there is none, or too large a one for an object.
int ReadNumber(std::string_view bytes, std::size_t& at);

}  // namespace dbxes::pdf
