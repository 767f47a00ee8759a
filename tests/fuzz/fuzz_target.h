// SPDX-License-Identifier: Apache-2.0
// The parsers of untrusted bytes, by name. Each target is a function over bytes that must end, must
// not crash, and checks what holds for every input. libFuzzer drives them (fuzz_main.cc); every
// other build replays the stored inputs (replay.cc).
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace dbxes::fuzz {

using TargetFunction = void (*)(std::string_view bytes);

// All targets of the program, by name.
std::map<std::string, TargetFunction>& Targets();

// Adds a target when the program starts: `const Registration page("listing_page", ReadPage);`
struct Registration {
  Registration(const char* name, TargetFunction function) { Targets()[name] = function; }
};

// Ends the program when something that must hold does not.
void Require(bool holds, std::string_view what);

// Reads every byte, so that a sanitizer sees a view that points to freed memory.
void Touch(std::string_view bytes);

// Takes the first byte off, 0 when there is none: it chooses a status, a number, a variant.
unsigned TakeByte(std::string_view& bytes);

}  // namespace dbxes::fuzz
