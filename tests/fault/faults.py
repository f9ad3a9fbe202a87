"""The kinds of faults. Each is a class: its name, how often it is chosen, what it needs of the machine, and what it does to a world.

inject() hurts; heal(), a while later, undoes what does not undo itself. After heal() everything that was let in must come out.
"""
import glob
import os
import signal
import struct

import processes
from daemon import expect, until


class Fault:
    """weight: chance beside the others. lasting: seconds between inject and heal, (least, most). kind: of world, where it is more frequent."""

    weight, lasting, kind = 1, (0, 0), 'plain'

    @classmethod
    def missing(cls, world):
        """None, or what this machine lacks for it."""
        return None

    def inject(self, world):
        raise NotImplementedError

    def heal(self, world):
        pass


class Kill(Fault):
    """kill -9 of one process of these programs; the supervisor starts another."""

    programs = ()

    def inject(self, world):
        victim = world.pick(*self.programs)
        processes.kill(victim)
        expect(not processes.wait_gone([victim], 10), '%d lives on after SIGKILL', victim)


class KillClean(Kill):
    weight, programs = 4, ('clean',)


class KillTag(Kill):
    weight, programs = 4, ('tag',)


class KillAggregate(Kill):
    weight, programs = 3, ('aggregate',)


class KillBroker(Kill):
    weight, programs = 3, ('broker',)


class KillSeveral(Fault):
    """Half of all children at once."""

    weight = 2

    def inject(self, world):
        victims = [p for name in ('clean', 'tag', 'aggregate', 'broker') for p in world.daemon.pids(name)]
        for victim in world.rng.sample(victims, max(1, len(victims) // 2)):
            processes.kill(victim)


class KillSupervisor(Fault):
    """kill -9 of the supervisor; its children must go, and systemd's part is played by the world."""

    weight = 2

    def inject(self, world):
        world.daemon.supervisor.kill()
        world.daemon.supervisor.wait()

    def heal(self, world):
        world.start_again()


class Restart(Fault):
    """SIGTERM of the supervisor, and a start."""

    def inject(self, world):
        world.daemon.supervisor.terminate()
        world.daemon.supervisor.wait(60)

    def heal(self, world):
        world.start_again()


class Stop(Fault):
    """SIGSTOP of one process for a while: alive, and deaf."""

    programs, lasting = (), (0.1, 3.0)

    def inject(self, world):
        self.victim = world.pick(*self.programs)
        processes.kill(self.victim, signal.SIGSTOP)

    def heal(self, world):
        processes.kill(self.victim, signal.SIGCONT)


class StopClean(Stop):
    programs, lasting = ('clean',), (0.1, 8.0)


class StopTag(Stop):
    programs, lasting = ('tag',), (0.1, 8.0)


class StopAggregate(Stop):
    programs = ('aggregate',)


class StopBroker(Stop):
    programs = ('broker',)


class StopSupervisor(Stop):
    def inject(self, world):
        self.victim = world.daemon.supervisor.pid
        processes.kill(self.victim, signal.SIGSTOP)


class SendTwice(Fault):
    """The feeder sends a part of its articles a second time."""

    def inject(self, world):
        world.feeder.twice = world.rng.randint(1, 400)


class FeederVanishes(Fault):
    """The feeder says and hears nothing for a while."""

    lasting = (0.1, 6.0)

    def inject(self, world):
        world.feeder.silent = True

    def heal(self, world):
        world.feeder.silent = False


class SlowSubscriber(Fault):
    """The subscriber stops reading while articles flow, and must be given all it missed."""

    lasting = (0.5, 3.0)

    def inject(self, world):
        self.victim = world.subscriber.process.pid
        processes.kill(self.victim, signal.SIGSTOP)

    def heal(self, world):
        processes.kill(self.victim, signal.SIGCONT)


class VanishingSubscriber(Fault):
    """The subscriber is killed, and another begins where it ended."""

    def inject(self, world):
        processes.kill(world.subscriber.process.pid)


class TornTail(Fault):
    """Power is cut: all is killed, and behind the last entry of a log stands what never became whole."""

    folder, weight = '', 1

    def inject(self, world):
        world.daemon.supervisor.kill()
        world.daemon.supervisor.wait()
        expect(not processes.wait_gone(world.near(), 15), 'the children of a killed supervisor live on')
        segments = sorted(glob.glob(os.path.join(world.daemon.data_folder, self.folder, '*.seg')))
        expect(segments, 'there is no segment in %s', self.folder)
        with open(segments[-1], 'r+b') as file:
            data = file.read()
            end = len(data.rstrip(b'\0'))
            # Preallocated zeros follow the last entry. An entry that was begun and never finished stands there.
            file.seek((end + 15) // 8 * 8)
            file.write(world.rng.randbytes(world.rng.randint(1, 200)))

    def heal(self, world):
        world.daemon.start()


class TornJournal(TornTail):
    folder = 'journal'


class TornOutput(TornTail):
    folder = 'output'


class CrashingArticle(Fault):
    """An article that crashes the stage that reads it, each time. It must be isolated; the rest flows."""

    kind = 'crash'
    WORDS = 'the unsayable word zzyzx'

    @classmethod
    def missing(cls, world):
        return None if world.daemon.scripts('crasher.py') else 'a pipeline with the crashing stage'

    def inject(self, world):
        world.add_poison(self.WORDS)


class FullDisk(Fault):
    """The file system of the data folder is filled to the last byte, for a while."""

    lasting, kind = (0.5, 3.0), 'disk'

    @classmethod
    def missing(cls, world):
        return None if os.path.ismount(world.daemon.folder) else 'a file system of its own for the data folder'

    def inject(self, world):
        self.path = os.path.join(world.daemon.folder, 'filler')
        with open(self.path, 'wb') as file:
            try:
                while True:
                    os.write(file.fileno(), b'x' * 65536)
            except OSError:
                pass
        until(lambda: world.daemon.metrics('broker').get('low_on_room'), 'status says that the disk is full')

    def heal(self, world):
        os.unlink(self.path)


class FullGraveyard(FullDisk):
    """The same while more articles are refused than there is room for among the dead letters, which have two segments at most: some must wait."""

    GARBAGE, COUNT = 200 << 10, 400  # bytes of one, how many: more than the 64 MiB of two segments

    def inject(self, world):
        readers = world.daemon.pids('clean')
        for reader in readers:
            processes.kill(reader, signal.SIGSTOP)
        world.add_garbage(self.COUNT, self.GARBAGE)
        expect(world.feeder.wait(world.goal, 30), 'the feeder: %d of %d accepted', world.feeder.accepted, world.goal)
        super().inject(world)
        for reader in readers:
            processes.kill(reader, signal.SIGCONT)
        until(lambda: world.daemon.metrics('broker').get('unburied'), 'status says that dead letters wait')


class ClockJump(Fault):
    """The wall clock of all processes jumps, by seconds or days, forwards or back."""

    kind = 'clock'

    @classmethod
    def missing(cls, world):
        return None if world.shift else 'a world with a clock of its own'

    def inject(self, world):
        seconds = world.rng.choice([-1, 1]) * world.rng.choice([0.5, 7, 3600, 86400 * 30])
        with open(world.shift, 'r+b') as file:
            file.write(struct.pack('q', int(seconds * 1e9)))


class CutOff(Fault):
    """The cable of another machine is pulled under load, and put back."""

    lasting, kind = (0.2, 9.0), 'machines'

    @classmethod
    def missing(cls, world):
        return None if world.machines else 'other machines'

    def inject(self, world):
        self.victim = world.rng.choice(sorted(world.far))
        world.machines.cut(self.victim)

    def heal(self, world):
        world.machines.heal(self.victim)


ALL = [f for f in list(globals().values()) if isinstance(f, type) and issubclass(f, Fault) and f not in (Fault, Kill, Stop, TornTail)]
