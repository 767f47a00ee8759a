// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/pager.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdlib>
#include <utility>

#include "dropbox_sim/text.h"

namespace dbxes::sim {
namespace {

std::string Signature(const Service& service, const std::string& text) {
  const auto mac = HmacSha256(fmt::format("pager {}", service.options.seed), text);
  return Hex(mac.data(), 8);
}

}  // namespace

std::string EncodePager(const Service& service, const PagerState& state) {
  const std::string text = fmt::format("{}\n{}\n{}\n{}\n{}", state.route, state.limit, state.offset,
                                       state.hop, state.subject);
  return "ZtP" + Base64Url(Signature(service, text) + text);
}

std::optional<PagerState> DecodePager(const Service& service, std::string_view cursor,
                                      std::string_view route) {
  if (cursor.substr(0, 3) != "ZtP") return std::nullopt;
  const std::optional<std::string> decoded = DecodeBase64(cursor.substr(3));
  if (!decoded || decoded->size() < 16) return std::nullopt;
  std::string text = decoded->substr(16);
  if (Signature(service, text) != decoded->substr(0, 16)) return std::nullopt;
  PagerState state;
  std::size_t at = 0;
  const auto line = [&] {
    const std::size_t end = text.find('\n', at);
    std::string part = text.substr(at, end - at);
    at = end + 1;
    return part;
  };
  state.route = line();
  state.limit = std::strtoull(line().c_str(), nullptr, 10);
  state.offset = std::strtoull(line().c_str(), nullptr, 10);
  state.hop = std::strtoull(line().c_str(), nullptr, 10);
  state.subject = text.substr(at);
  return state.route == route ? std::optional(std::move(state)) : std::nullopt;
}

PageBounds NextBounds(const Service& service, const Call& call, PagerState state,
                      std::size_t total) {
  const Style& style = service.options.style;
  PageBounds page;
  page.begin = std::min<std::size_t>(state.offset, total);
  std::size_t size = std::max<std::size_t>(1, state.limit);
  if (style.page_size_jitter && call.salt % 3 == 0)
    size = std::max<std::size_t>(1, std::min<std::size_t>(size, 1 + (call.salt >> 8) % 4));
  const bool empty = style.empty_pages && state.hop < 2 && page.begin < total && call.salt % 4 == 1;
  if (empty) size = 0;
  page.end = std::min(total, page.begin + size);
  page.more = page.end < total;
  page.next = std::move(state);
  page.next.offset = page.end;
  page.next.hop = empty ? page.next.hop + 1 : 0;
  return page;
}

void WriteSharingCursor(JsonOut* json, const Service& service, const PageBounds& page) {
  if (page.more) {
    json->Field("cursor", EncodePager(service, page.next));
    return;
  }
  if (service.options.style.null_optionals)
    json->Key("cursor").Null();
  else if (service.options.style.write_defaults)
    json->Field("cursor", "");
}

void WriteTeamCursor(JsonOut* json, const Service& service, const PageBounds& page) {
  json->Field("cursor", EncodePager(service, page.next)).FieldBool("has_more", page.more);
}

}  // namespace dbxes::sim
