// SPDX-License-Identifier: Apache-2.0
// Every odd answer that a Dropbox, an edge server or a proxy has been seen to give, and more.
#pragma once

#include <cstddef>
#include <string>

#include "dropbox_sim/faults.h"

namespace dbxes {

std::size_t OddAnswers();
// For people: "403 an HTML page".
std::string OddAnswerName(std::size_t number);
// The answer for requests of `route`; the caller adds which of them, and how often.
sim::Fault OddAnswer(std::size_t number, const std::string& route);

}  // namespace dbxes
