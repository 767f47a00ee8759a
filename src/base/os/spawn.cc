// SPDX-License-Identifier: Apache-2.0
#include "base/os/spawn.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>

namespace dbxes {

Spawn::Spawn() {
  posix_spawn_file_actions_init(&actions_);
  posix_spawnattr_init(&attributes_);
  // An ignored signal stays ignored in a program that is executed.
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes_, &defaults);
  posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
}

Spawn::~Spawn() {
  posix_spawn_file_actions_destroy(&actions_);
  posix_spawnattr_destroy(&attributes_);
}

void Spawn::Give(int descriptor, int number) {
  if (descriptor < 0) {
    posix_spawn_file_actions_addopen(&actions_, number, "/dev/null", O_RDWR, 0);
  } else {
    posix_spawn_file_actions_adddup2(&actions_, descriptor, number);
  }
}

void Spawn::CloseFrom(int number) { posix_spawn_file_actions_addclosefrom_np(&actions_, number); }

tl::expected<pid_t, int> Spawn::Start(const std::string& program,
                                      std::vector<std::string> arguments) {
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  std::vector<char*> variables;
  for (char** entry = environ; !empty_environment_ && entry != nullptr && *entry != nullptr;
       ++entry) {
    const bool hidden = !hidden_.empty() && std::string_view(*entry).starts_with(hidden_);
    if (!hidden) variables.push_back(*entry);
  }
  variables.push_back(nullptr);
  pid_t pid = -1;
  const int failed = ::posix_spawnp(&pid, program.c_str(), &actions_, &attributes_, pointers.data(),
                                    variables.data());
  if (failed != 0) return tl::unexpected(failed);
  return pid;
}

}  // namespace dbxes
