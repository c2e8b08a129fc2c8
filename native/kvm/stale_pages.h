// Translations that KVM and the processor have made of the guest's page tables. A new entry is seen at once;
// one that was present and changed stays in translations made of it, until the host's mapping of the page it
// led to changes. So such pages are noted, and their mapping is toggled before the guest runs on. A restore
// puts the tables back, and then toggles every page whose entry was edited since the one before.
#pragma once

#include "memory/guest_memory.h"
#include "memory/page_runs.h"
#include "memory/translations.h"

namespace snapvm {

class StalePages final : public Translations {
public:
  explicit StalePages(GuestMemory& memory) : memory_(memory) {}

  void changes(uint64_t gva, uint64_t before, uint64_t after) override;
  void became_private(uint64_t) override {} // the same mapping serves both
  // To be called before the guest runs on.
  void flush();
  // To be called when the guest's memory, tables included, has been put back.
  void restored();

  // To be called before the host touches the guest's memory again: gives back the rights that a toggle has
  // taken and could not give back. @throws Error
  void mend();

private:
  void toggle(PageRuns& runs);

  GuestMemory& memory_;
  PageRuns stale_;    // GPAs whose present entries changed since the guest last ran
  bool torn_ = false; // a toggle has failed half way
  PageRuns edited_;   // GPAs whose entries changed since the last restore
};

} // namespace snapvm
