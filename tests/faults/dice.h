// SPDX-License-Identifier: Apache-2.0
// Draws that are the same on every platform: the standard distributions are not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

namespace dbxes {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  std::size_t Below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }
  bool Chance(std::size_t percent) { return Below(100) < percent; }
  // Small numbers as often as large ones: up to 2^`bits`.
  std::size_t Spread(std::size_t bits) { return 1 + Below(std::size_t{1} << (1 + Below(bits))); }
  template <class Container>
  const auto& Pick(const Container& container) {
    return container[Below(std::size(container))];
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace dbxes
