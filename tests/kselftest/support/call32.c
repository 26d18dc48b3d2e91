// SPDX-License-Identifier: GPL-2.0-or-later
#include "call32.h"

#include <errno.h>

long call32(long number, long a, long b, long c, long d, long e)
{
	long answer;

	__asm__ volatile("push %%rbx\n\tmov %2, %%rbx\n\tint $0x80\n\tpop %%rbx"
			 : "=a"(answer)
			 : "0"(number), "r"(a), "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory", "cc", "r8", "r9", "r10", "r11");
	if (answer < 0 && answer > -4096) {
		errno = (int)-answer;
		return -1;
	}
	return answer;
}
