// SPDX-License-Identifier: Apache-2.0
#include "pdf/missing_fonts.h"

#include <Dict.h>

#include <cstddef>
#include <utility>

#include "pdf/poppler_object.h"

namespace dbxes::pdf {
namespace {

// The words of poppler, in Gfx.cc, since 2005.
constexpr std::string_view kComplaint = "Unknown font tag '";
constexpr std::size_t kMostFonts = 100;  // of a page

Object LatinFont(XRef* file) {
  Object font(new Dict(file));
  font.dictSet("Type", Object(objName, "Font"));
  font.dictSet("Subtype", Object(objName, "Type1"));
  font.dictSet("BaseFont", Object(objName, "Helvetica"));
  font.dictSet("Encoding", Object(objName, "WinAnsiEncoding"));
  return font;
}

struct Characters {
  std::ptrdiff_t letters = 0;  // of ASCII
  std::ptrdiff_t others = 0;   // that are visible
};

Characters Count(std::string_view text) {
  Characters count;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter) ++count.letters;
    if (!letter && static_cast<unsigned char>(c) > ' ') ++count.others;
  }
  return count;
}

}  // namespace

void MissingFonts::OnError(std::string_view message) {
  if (!message.starts_with(kComplaint) || names_.size() >= kMostFonts) return;
  message.remove_prefix(kComplaint.size());
  names_.emplace(message.substr(0, message.rfind('\'')));
}

std::optional<Object> MissingFonts::GiveTo(Page& page, XRef* file) {
  const std::set<std::string> names = std::exchange(names_, {});
  if (names.empty()) return std::nullopt;
  Object resources = page.getResourceDictObject()->deepCopy();
  if (!resources.isDict()) resources = Object(new Dict(file));
  Object fonts = Member(resources, "Font").deepCopy();
  if (!fonts.isDict()) fonts = Object(new Dict(file));
  for (const std::string& name : names) fonts.dictSet(name.c_str(), LatinFont(file));
  resources.dictSet("Font", std::move(fonts));
  return std::exchange(*page.getResourceDictObject(), std::move(resources));
}

bool GainsWords(std::string_view without, std::string_view with) {
  const Characters before = Count(without);
  const Characters after = Count(with);
  return after.letters - before.letters > after.others - before.others;
}

}  // namespace dbxes::pdf
