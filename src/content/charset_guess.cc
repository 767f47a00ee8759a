// SPDX-License-Identifier: Apache-2.0
#include "content/charset_guess.h"

#include <uchardet.h>

#include <algorithm>
#include <array>
#include <memory>

#include "content/charset_list.h"
#include "content/latin_guess.h"
#include "content/multibyte_guess.h"

namespace dbxes::content {
namespace {

constexpr std::size_t kGuessedBytes = 256 << 10;  // enough for a guess; guessing is slow

struct Relative {
  std::string_view name;
  const char* windows;  // what is meant if bytes from 0x80 to 0x9f occur, which `name` lacks
};
constexpr std::array kRelatives{
    Relative{"ISO-8859-2", "WINDOWS-1250"}, Relative{"ISO-8859-5", "WINDOWS-1251"},
    Relative{"ISO-8859-6", "WINDOWS-1256"}, Relative{"ISO-8859-7", "WINDOWS-1253"},
    Relative{"ISO-8859-8", "WINDOWS-1255"}, Relative{"ISO-8859-13", "WINDOWS-1257"},
};

std::string InWindows(const std::string& name, std::string_view sample) {
  // The letters of Ukrainian are where KOI8-R has frames.
  if (name == "KOI8-R") return "KOI8-U";
  const auto count = [sample](unsigned char first, unsigned char last) {
    return std::count_if(sample.begin(), sample.end(), [first, last](char c) {
      return static_cast<unsigned char>(c) >= first && static_cast<unsigned char>(c) <= last;
    });
  };
  const auto lacks = count(0x80, 0x9f);
  // Nearly all small letters are at the same places, but not the capitals.
  if (name == "MAC-CYRILLIC") return lacks < count(0xc0, 0xde) ? "WINDOWS-1251" : name;
  const auto* found = std::find_if(kRelatives.begin(), kRelatives.end(),
                                   [&name](const Relative& one) { return one.name == name; });
  return lacks > 0 && found != kRelatives.end() ? found->windows : name;
}

// iconv's name of what libuchardet guesses; "" if it gives up or names none of the list.
std::string AskUchardet(std::string_view sample) {
  const std::unique_ptr<uchardet, decltype(&uchardet_delete)> detector(uchardet_new(),
                                                                       uchardet_delete);
  if (uchardet_handle_data(detector.get(), sample.data(), sample.size()) != 0) return {};
  uchardet_data_end(detector.get());
  return IconvName(uchardet_get_charset(detector.get()));
}

}  // namespace

std::string GuessCharset(std::string_view bytes) {
  const std::string_view sample = bytes.substr(0, kGuessedBytes);
  const std::string name = AskUchardet(sample);
  const std::string_view multibyte = GuessMultibyteCharset(sample);
  if (LooksLatin(sample)) {
    const LatinGuess latin = GuessLatinCharset(sample, name);
    if (latin.convincing || multibyte.empty()) return latin.charset;
  }
  // Its statistics know more than frequency, where it gives an answer.
  return name.empty() || name == "WINDOWS-1252" ? std::string(multibyte) : InWindows(name, sample);
}

}  // namespace dbxes::content
