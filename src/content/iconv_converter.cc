// SPDX-License-Identifier: Apache-2.0
#include "content/iconv_converter.h"

#include <array>
#include <cerrno>
#include <map>
#include <memory>

namespace dbxes::content {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

// NOLINTNEXTLINE(performance-no-int-to-ptr): iconv reports an unknown encoding this way.
const iconv_t kNone = reinterpret_cast<iconv_t>(-1);

struct CloseConverter {
  void operator()(iconv_t handle) const {
    if (handle != kNone) iconv_close(handle);
  }
};

iconv_t OpenConverter(const std::string& charset) {
  static std::map<std::string, std::unique_ptr<void, CloseConverter>> open;
  const auto [found, is_new] = open.try_emplace(charset);
  if (is_new) found->second.reset(iconv_open("UTF-8", charset.c_str()));
  return found->second.get();
}

}  // namespace

IconvConverter::IconvConverter(const std::string& charset)
    : handle_(charset.empty() ? kNone : OpenConverter(charset)) {
  // An earlier text may have left it in a shifted state.
  if (known()) iconv(handle_, nullptr, nullptr, nullptr, nullptr);
}

bool IconvConverter::known() const { return handle_ != kNone; }

std::string IconvConverter::Convert(std::string_view bytes, std::size_t& bad) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  std::array<char, 16'384> chunk;
  char* in = const_cast<char*>(bytes.data());  // iconv does not write to it
  std::size_t in_left = bytes.size();
  while (in_left > 0) {
    char* to = chunk.data();
    std::size_t room = chunk.size();
    const std::size_t done = iconv(handle_, &in, &in_left, &to, &room);
    const int problem = done == static_cast<std::size_t>(-1) ? errno : 0;
    out.append(chunk.data(), chunk.size() - room);
    if (problem == 0 || problem == E2BIG) continue;
    ++bad;
    out += kReplacement;
    ++in;
    --in_left;
  }
  // Some converters hold back a letter until they know that no mark follows it.
  char* to = chunk.data();
  std::size_t room = chunk.size();
  iconv(handle_, nullptr, nullptr, &to, &room);
  out.append(chunk.data(), chunk.size() - room);
  return out;
}

}  // namespace dbxes::content
