// SPDX-License-Identifier: Apache-2.0
#include "parsers/archive.h"

#include <zip.h>

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/result.h"
#include "parsers/zip_salvage.h"

namespace dbxes::parsers {
namespace {

constexpr std::size_t kPiece = 1 << 16;

// As keys of entries_.
std::string WithSlashes(std::string_view name) {
  std::string slashes(name);
  std::replace(slashes.begin(), slashes.end(), '\\', '/');
  return slashes;
}
std::string KeyOf(std::string_view name) { return LowerAscii(WithSlashes(name)); }

struct CloseFile {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

}  // namespace

void Archive::Close::operator()(zip* archive) const { zip_discard(archive); }

Archive::Archive(zip* archive, const ParseLimits& limits)
    : zip_(archive), inflatable_(limits.max_inflated_bytes), max_entries_(limits.max_entries) {}

zip* Archive::OpenZip(std::string_view bytes) {
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, nullptr);
  if (source == nullptr) return nullptr;
  zip_t* opened = zip_open_from_source(source, ZIP_RDONLY, nullptr);
  if (opened == nullptr) zip_source_free(source);
  return opened;
}

Parsed<Archive> Archive::Open(std::string_view bytes, const ParseLimits& limits) {
  zip_t* opened = OpenZip(bytes);
  std::unique_ptr<const std::string> salvaged;
  if (opened == nullptr) {
    salvaged = std::make_unique<const std::string>(WithNewDirectory(bytes, limits.max_entries));
    opened = salvaged->empty() ? nullptr : OpenZip(*salvaged);
  }
  if (opened == nullptr) return tl::unexpected(Unreadable::kDamaged);
  Archive archive(opened, limits);
  archive.salvaged_ = std::move(salvaged);
  const zip_int64_t entries = zip_get_num_entries(opened, 0);
  if (entries < 0) return tl::unexpected(Unreadable::kDamaged);
  if (static_cast<std::uint64_t>(entries) > limits.max_entries) {
    return tl::unexpected(Unreadable::kTooComplex);
  }
  for (zip_uint64_t at = 0; at < static_cast<zip_uint64_t>(entries); ++at) {
    const char* name = zip_get_name(opened, at, ZIP_FL_ENC_GUESS);
    // Of several entries with one name, the first one counts.
    if (name != nullptr) archive.entries_.try_emplace(KeyOf(name), at);
  }
  return archive;
}

std::optional<std::uint64_t> Archive::Find(const std::string& name) const {
  const auto found = entries_.find(KeyOf(name));
  return found == entries_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> Archive::Names() const {
  std::vector<std::string> names;
  const zip_int64_t entries = zip_get_num_entries(zip_.get(), 0);
  for (zip_uint64_t at = 0; at < static_cast<zip_uint64_t>(entries); ++at) {
    const char* name = zip_get_name(zip_.get(), at, ZIP_FL_ENC_GUESS);
    if (name != nullptr) names.push_back(WithSlashes(name));
  }
  return names;
}

bool Archive::Has(const std::string& name) const { return Find(name).has_value(); }

Parsed<void> Archive::Read(const std::string& name,
                           const std::function<bool(std::string_view)>& piece) {
  const std::optional<std::uint64_t> found = Find(name);
  if (!found) return tl::unexpected(Unreadable::kDamaged);
  if (inflatable_ == 0) return tl::unexpected(Unreadable::kTooComplex);
  const zip_uint64_t index = *found;
  zip_stat_t stat;
  if (zip_stat_index(zip_.get(), index, 0, &stat) != 0) {
    return tl::unexpected(Unreadable::kDamaged);
  }
  if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE) {
    return tl::unexpected(Unreadable::kEncrypted);
  }
  const std::unique_ptr<zip_file_t, CloseFile> file(zip_fopen_index(zip_.get(), index, 0));
  if (!file) return tl::unexpected(Unreadable::kDamaged);
  std::vector<char> buffer(kPiece);
  for (;;) {
    const zip_int64_t length = zip_fread(file.get(), buffer.data(), buffer.size());
    // Also when the checksum does not match.
    if (length < 0) return tl::unexpected(Unreadable::kDamaged);
    if (length == 0) return {};
    const auto bytes = static_cast<std::uint64_t>(length);
    if (bytes > inflatable_) {
      inflatable_ = 0;  // so that none of many further entries is inflated
      return tl::unexpected(Unreadable::kTooComplex);
    }
    inflatable_ -= bytes;
    if (!piece({buffer.data(), bytes})) return {};
  }
}

Parsed<void> Archive::ReadXml(const std::string& name, XmlHandler& handler) {
  XmlReader reader(handler);
  TRY(Read(name, [&](std::string_view piece) {
    return reader.Feed(piece) == XmlReader::State::kReading;
  }));
  if (reader.Finish() == XmlReader::State::kDamaged) return tl::unexpected(Unreadable::kDamaged);
  return {};
}

Parsed<std::string> Archive::ReadAll(const std::string& name, std::size_t max_bytes) {
  std::string all;
  bool too_long = false;
  const auto read = Read(name, [&](std::string_view piece) {
    too_long = all.size() + piece.size() > max_bytes;
    if (!too_long) all += piece;
    return !too_long;
  });
  if (!read) return tl::unexpected(read.error());
  if (too_long) return tl::unexpected(Unreadable::kTooComplex);
  return all;
}

Parsed<void> Archive::ReadNested(const std::string& name,
                                 const std::function<Parsed<void>(Archive&)>& read) {
  if (nested_) return tl::unexpected(Unreadable::kTooComplex);
  TRY_ASSIGN(const std::string bytes, ReadAll(name, inflatable_));
  ParseLimits limits;
  limits.max_inflated_bytes = inflatable_;
  limits.max_entries = max_entries_;
  TRY_ASSIGN(auto nested, Open(bytes, limits));
  nested.nested_ = true;
  auto done = read(nested);
  inflatable_ = nested.inflatable_;
  return done;
}

}  // namespace dbxes::parsers
