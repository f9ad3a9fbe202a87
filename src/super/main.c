/* newswired: see newswired.h. */
#include "super/newswired.h"

int main(int argc, char **argv)
{
    return newswired(argc, argv);
}
