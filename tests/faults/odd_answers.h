// SPDX-License-Identifier: Apache-2.0
// Every odd answer that a Dropbox, an edge server or a proxy has been seen to give, and more.
#pragma once

#include <cstddef>
#include <string>

#include "dropbox_sim/faults.h"

namespace dbxes {

// How often a request that gets this answer is sent again. From the words of Dropbox's and HTTP's
// documentation, not from the table of the program.
enum class Sent {
  kOnce,     // Dropbox's own last word
  kFew,      // an answer that is not Dropbox's: a proxy or an edge server
  kPatient,  // trouble that passes, a connection that broke
  kNamed,    // rate limits and access tokens, which do not count as tries
};

std::size_t OddAnswers();
Sent SentFor(std::size_t number);
// Dropbox itself refuses to hand out what was asked for, and says so.
bool IsRefusal(std::size_t number);
// For people: "403 an HTML page".
std::string OddAnswerName(std::size_t number);
// The answer for requests of `route`; the caller adds which of them, and how often.
sim::Fault OddAnswer(std::size_t number, const std::string& route);

}  // namespace dbxes
