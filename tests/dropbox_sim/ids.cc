// SPDX-License-Identifier: Apache-2.0
#include "dropbox_sim/ids.h"

#include <fmt/format.h>

#include <utility>

#include "dropbox_sim/text.h"

namespace dbxes::sim {
namespace {

std::string RandomText(std::uint64_t seed, std::uint64_t n, std::size_t size) {
  constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  std::string out;
  std::uint64_t state = Mix(seed ^ (n << 32));
  while (out.size() < size) {
    state = Mix(state);
    out.push_back(kAlphabet[state % 64]);
  }
  return out;
}

}  // namespace

Ids::Ids(std::uint64_t seed, ClockFn clock) : seed_(seed), clock_(std::move(clock)) {}

std::string Ids::NewId() {
  const std::uint64_t n = next_id_++;
  // Every eighth id differs from the one before it by the case of its letters alone.
  const bool twin = n % 8 == 7;
  const std::uint64_t first = Mix(seed_ * 1000003 + (twin ? n - 1 : n));
  const std::uint64_t second = Mix(first);
  std::string raw(16, '\0');
  for (std::size_t i = 0; i < 8; ++i) {
    raw[i] = static_cast<char>(first >> (8 * i));
    raw[i + 8] = static_cast<char>(second >> (8 * i));
  }
  std::string id = "id:" + Base64Url(raw);
  if (!twin) return id;
  for (std::size_t i = 3; i < id.size(); ++i) {
    const bool letter = (id[i] >= 'A' && id[i] <= 'Z') || (id[i] >= 'a' && id[i] <= 'z');
    if (letter) id[i] = static_cast<char>(id[i] ^ 0x20);
  }
  return id;
}

std::uint64_t Ids::NewRev() { return 0x15f000000000ULL + (seed_ % 4096 << 24) + ++next_rev_; }

std::string Ids::NewNamespaceId() {
  return std::to_string(1200000000 + Mix(seed_) % 100000000 + 17 * ++next_ns_);
}

std::string Ids::NewLink() {
  const std::uint64_t n = ++next_link_;
  return fmt::format("https://www.dropbox.com/scl/fi/{:x}/link?rlkey={:x}", Mix(seed_ + n), n);
}

std::string Ids::PreviewUrl() const {
  return fmt::format("https://www.dropbox.com/scl/fi/{}/{}?dl=0", RandomText(seed_, next_id_, 21),
                     next_id_);
}

std::string Ids::Text(std::uint64_t stream, std::uint64_t n, std::size_t size) const {
  return RandomText(seed_ + stream, n, size);
}

}  // namespace dbxes::sim
