// SPDX-License-Identifier: Apache-2.0
#include "pdf/salvage.h"

#include <PDFDoc.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "pdf/poppler_object.h"

namespace dbxes::pdf {
namespace {

constexpr std::size_t kMostStreamBytes = std::size_t{64} << 20;
constexpr std::size_t kMostObjectsInStreams = 1'000'000;

std::size_t AfterBlanks(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(std::string_view(" \t\r\n\f\0", 6), at), text.size());
}

// The number of the object that the last such key refers to; 0 for none.
int Reference(std::string_view dictionary, std::string_view key) {
  for (std::size_t found = dictionary.rfind(key); found != std::string_view::npos;
       found = found == 0 ? found - 1 : dictionary.rfind(key, found - 1)) {
    // Other keys may begin like it.
    std::size_t at = AfterBlanks(dictionary, found + key.size());
    const int number = ReadNumber(dictionary, at);
    if (number > 0) return number;
  }
  return 0;
}

// Of the trailer, or of the stream that has its members: how the file is encrypted, and the
// identifier that belongs to the key (ISO 32000-2, 7.6.2).
std::string ProtectionOf(std::string_view bytes) {
  constexpr std::size_t kMostBytes = 1024;
  const int encryption = Reference(bytes, "/Encrypt");
  if (encryption == 0) return "";
  std::string members = fmt::format("/Encrypt {} 0 R", encryption);
  for (std::size_t at = bytes.rfind("/ID"); at != std::string_view::npos && at > 0;
       at = bytes.rfind("/ID", at - 1)) {
    const std::size_t begin = AfterBlanks(bytes, at + 3);
    const std::string_view list = bytes.substr(begin, kMostBytes);
    const std::size_t end = list.find(']');
    if (!list.starts_with('[') || end == std::string_view::npos) continue;
    return members.append("/ID").append(list.substr(0, end + 1));
  }
  return members;
}

// Poppler counts from the first line, wherever that is in the first 1,024 bytes.
std::string_view FromHeader(std::string_view bytes) {
  constexpr std::size_t kHeaderWithin = 1024;
  const std::size_t header = bytes.substr(0, kHeaderWithin).find("%PDF-");
  return header == std::string_view::npos ? bytes : bytes.substr(header);
}

void PutNumber(std::size_t value, int bytes, std::string& out) {
  for (int byte = bytes - 1; byte >= 0; --byte) out += static_cast<char>(value >> (8 * byte));
}

}  // namespace

Salvage::Salvage(std::string_view bytes)
    : bytes_(FromHeader(bytes)), protection_(ProtectionOf(bytes)) {
  bool streams = false;
  for (const FoundObject& object : ScanObjects(bytes_)) {
    const ObjectKind kind = KindOf(object.value);
    const int pages = kind == ObjectKind::kCatalog ? Reference(object.value, "/Pages") : 0;
    objects_[object.number] = {object.at, 0, object.generation, kind, pages};
    streams = streams || kind == ObjectKind::kObjectStream;
  }
  if (streams) ReadObjectStreams(Objects(objects_));
}

// Poppler decodes them: it opens the file with a table of the objects that are not in streams.
void Salvage::ReadObjectStreams(const Objects& outer) {
  const int root = outer.rbegin()->first + 1;
  std::string whole =
      fmt::format("{}\n{} 0 obj\n<</Type/Catalog/Pages {} 0 R>>\nendobj\n", bytes_, root, root + 1);
  Objects objects = outer;
  objects[root] = {bytes_.size() + 1};
  objects[root + 1] = {whole.size()};
  whole += fmt::format("{} 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n", root + 1);
  whole += Table(objects, root, whole.size(), protection_);
  PDFDoc file(StreamOf(whole));
  if (!file.isOk()) return;
  for (const auto& [number, place] : outer) {
    if (place.kind != ObjectKind::kObjectStream) continue;
    const Object stream = file.getXRef()->fetch(number, place.index);
    if (!stream.isStream()) continue;
    const Object first = stream.streamGetDict()->lookup("First");
    const std::string text = BytesOf(stream, kMostStreamBytes);
    if (!first.isInt() || first.getInt() < 0) continue;
    ReadObjectStream(number, static_cast<std::size_t>(first.getInt()), text);
  }
}

// Pairs of a number and a place behind `first`, and the objects (7.5.7).
void Salvage::ReadObjectStream(int number, std::size_t first, std::string_view text) {
  const std::size_t stream_at = objects_[number].at;
  std::vector<std::pair<int, std::size_t>> pairs;
  for (std::size_t at = 0; at < first && objects_.size() + pairs.size() < kMostObjectsInStreams;) {
    at = AfterBlanks(text, at);
    const int object = ReadNumber(text, at);
    at = AfterBlanks(text, at);
    const int place = ReadNumber(text, at);
    const std::size_t begin = std::min(first + static_cast<std::size_t>(place), text.size());
    if (object < 0 || object >= kMostObjects || place < 0) break;
    // Poppler reads none of a stream whose objects are not in the order of their places.
    if (!pairs.empty() && begin < pairs.back().second) return;
    pairs.emplace_back(object, begin);
  }
  for (std::size_t index = 0; index < pairs.size(); ++index) {
    const auto [object, begin] = pairs[index];
    if (begin == text.size()) continue;
    const std::size_t end = index + 1 < pairs.size() ? pairs[index + 1].second : text.size();
    const std::string_view value = text.substr(begin, end - begin);
    const auto known = objects_.find(object);
    if (known != objects_.end() && known->second.at > stream_at) continue;
    const ObjectKind kind = KindOf(value);
    const int pages = kind == ObjectKind::kCatalog ? Reference(value, "/Pages") : 0;
    objects_[object] = {stream_at, number, static_cast<int>(index), kind, pages};
  }
}

int Salvage::Catalog() const {
  int last = 0;
  std::size_t last_at = 0;
  for (const auto& [number, place] : objects_) {
    if (place.kind != ObjectKind::kCatalog || place.at < last_at) continue;
    last = number;
    last_at = place.at;
  }
  return last;
}

std::string Salvage::NewPages(int number) const {
  std::vector<std::pair<std::pair<std::size_t, int>, int>> pages;  // by their place in the file
  for (const auto& [page, place] : objects_) {
    if (place.kind == ObjectKind::kPage) pages.push_back({{place.at, place.index}, page});
  }
  std::sort(pages.begin(), pages.end());
  std::string kids;
  for (const auto& page : pages) kids += fmt::format("{} 0 R ", page.second);
  return fmt::format("{} 0 obj\n<</Type/Pages/Count {}/Kids[{}]>>\nendobj\n", number, pages.size(),
                     kids);
}

std::string Salvage::File(PageTree tree) const {
  std::string whole = fmt::format("{}\n", bytes_);
  Objects objects = objects_;
  int catalog = Catalog();
  int pages = catalog == 0 ? 0 : objects[catalog].pages;
  const bool lost = pages == 0 || pages >= kMostObjects;
  if (lost) {
    catalog = objects.rbegin()->first + 1;
    pages = catalog + 1;
    objects[catalog] = {whole.size()};
    whole += fmt::format("{} 0 obj\n<</Type/Catalog/Pages {} 0 R>>\nendobj\n", catalog, pages);
  }
  if (lost || tree == PageTree::kNew) {
    objects[pages] = {whole.size()};
    whole += NewPages(pages);
  }
  whole += Table(objects, catalog, whole.size(), protection_);
  return whole;
}

// As a stream (7.5.8), because a plain table cannot name objects within streams.
std::string Salvage::Table(const Objects& objects, int root, std::size_t at,
                           std::string_view protection) {
  constexpr int kPlaceBytes = 8;
  constexpr int kIndexBytes = 4;
  std::string ranges;
  std::string rows;
  for (const auto& [number, place] : objects) {
    ranges += fmt::format("{} 1 ", number);
    const bool within = place.stream != 0;
    rows += within ? '\2' : '\1';
    PutNumber(within ? static_cast<std::size_t>(place.stream) : place.at, kPlaceBytes, rows);
    PutNumber(static_cast<std::size_t>(place.index), kIndexBytes, rows);
  }
  const int number = objects.rbegin()->first + 1;
  return fmt::format(
      "{} 0 obj\n<</Type/XRef/W[1 {} {}]/Size {}/Root {} 0 R{}/Index[{}]/Length {}>>\nstream\n{}\n"
      "endstream\nendobj\nstartxref\n{}\n%%EOF\n",
      number, kPlaceBytes, kIndexBytes, number + 1, root, protection, ranges, rows.size(), rows,
      at);
}

}  // namespace dbxes::pdf
