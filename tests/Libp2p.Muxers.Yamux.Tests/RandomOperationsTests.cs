using System.Buffers;
using Libp2p.Muxers.Yamux.Streams;
using Libp2p.Muxers.Yamux.Tests.Support;
using Libp2p.TestKit;

namespace Libp2p.Muxers.Yamux.Tests;

/// <summary>
/// Two ends, random operations, and a model that knows what each byte of each stream must be. A run is a seed: it fails again in the same way.
/// </summary>
public class RandomOperationsTests
{
    /// <summary>One way of one stream: what was written, read, and how it ended.</summary>
    private sealed class Way(int seed)
    {
        public int Seed { get; } = seed;

        public long Written { get; set; }

        public long Read { get; set; }

        public bool Completed { get; set; }

        public bool SawEnd { get; set; }

        public bool ReaderDone { get; set; }

        public Task<System.IO.Pipelines.FlushResult>? Writing { get; set; }

        public static byte At(int seed, long position) => (byte)((position * 31) + (position >> 8) + seed);
    }

    private sealed class Pair(YamuxStream opened, int seed)
    {
        public YamuxStream Opened { get; } = opened;

        public YamuxStream? Accepted { get; set; }

        public Way Up { get; } = new(seed);

        public Way Down { get; } = new(seed + 7);

        public bool Reset { get; set; }
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    /// <summary>Sessions without I/O: single-threaded, every interleaving is the seed's.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nothing_is_lost_reordered_or_stuck_between_two_sessions(int seed)
    {
        var random = new Random(seed);
        var options = new YamuxOptions
        {
            MaxUnacknowledgedStreams = 40,
            SendBufferSize = random.Next(2) == 0 ? 64 * 1024 : 256 * 1024,
            MaxSentFrameLength = random.Next(2) == 0 ? 1024 : 65507,
            MaxGrownCredit = random.Next(2) == 0 ? 0 : 2 * 1024 * 1024,
        };
        using var scopes = new TestScope();
        using var otherScope = new TestScope();
        SansIo[] ends = [new SansIo(options, dialer: true, scopes), new SansIo(options, dialer: false, otherScope)];
        byte[][] wires = [[], []];
        var pairs = new List<Pair>();

        void Deliver(int from, bool whole)
        {
            wires[from] = [.. wires[from], .. ends[from].Take()];
            var at = 0;
            while (at < wires[from].Length)
            {
                var rest = wires[from].AsMemory(at);
                var used = ends[1 - from].Receive(whole ? rest : rest[..Math.Min(rest.Length, 12 + random.Next(40_000))]);
                at += used;
                if (used == 0 || (!whole && random.Next(3) == 0))
                {
                    break; // less than a header, or congested, or the wire is slow
                }
            }

            wires[from] = wires[from][at..];
        }

        void ReadSome(YamuxStream stream, Way way, bool all)
        {
            if (way.ReaderDone || !stream.Input.TryRead(out var read))
            {
                return;
            }

            var take = all ? read.Buffer.Length : random.NextInt64(read.Buffer.Length + 1);
            var position = way.Read;
            foreach (var part in read.Buffer.Slice(0, take))
            {
                foreach (var value in part.Span)
                {
                    if (value != Way.At(way.Seed, position++))
                    {
                        throw new ShouldAssertException($"byte {position - 1} of stream {stream.Id}");
                    }
                }
            }

            way.Read = position;

            // Who has seen everything and takes nothing waits for more, for which there may be no credit.
            var taken = read.Buffer.GetPosition(take);
            stream.Input.AdvanceTo(taken, read.IsCompleted && random.Next(2) == 0 ? read.Buffer.End : taken);
            way.SawEnd |= read.IsCompleted && take == read.Buffer.Length;
        }

        void WriteSome(YamuxStream stream, Way way)
        {
            if (way.Completed || way.Writing is { IsCompleted: false })
            {
                return;
            }

            var bytes = new byte[random.Next(4) switch { 0 => random.Next(20), 1 => random.Next(3000), 2 => random.Next(70_000), _ => random.Next(400_000) }];
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = Way.At(way.Seed, way.Written + i);
            }

            way.Written += bytes.Length;
            if (random.Next(2) == 0)
            {
                way.Writing = stream.Output.WriteAsync(bytes).AsTask();
            }
            else
            {
                stream.Output.Write(bytes);
                way.Writing = stream.Output.FlushAsync().AsTask();
            }
        }

        void AcceptAll()
        {
            for (var end = 0; end < 2; end++)
            {
                while (ends[end].Session.TryAccept(out _) is { } stream)
                {
                    var pair = pairs.Single(p => p.Opened.Id == stream.Id);
                    pair.Accepted = stream;
                }
            }
        }

        for (var step = 0; step < 3000; step++)
        {
            var end = random.Next(2);
            ends[0].Now = ends[1].Now = step;
            var live = pairs.Where(static p => !p.Reset).ToArray();
            var pair = live.Length > 0 ? live[random.Next(live.Length)] : null;
            switch (random.Next(12))
            {
                case 0 when live.Length < 30:
                    try
                    {
                        pairs.Add(new Pair(ends[end].Session.Open(), pairs.Count));
                    }
                    catch (MuxerException)
                    {
                        // too many unacknowledged: room comes with the traffic
                    }

                    break;
                case 1 or 2 or 3 when pair is not null:
                    WriteSome(pair.Opened, pair.Up);
                    break;
                case 4 or 5 when pair?.Accepted is { } accepted:
                    WriteSome(accepted, pair.Down);
                    break;
                case 6 when pair is not null:
                    ReadSome(pair.Opened, pair.Down, all: false);
                    break;
                case 7 when pair?.Accepted is { } accepted:
                    ReadSome(accepted, pair.Up, all: false);
                    break;
                case 8 when pair is not null && random.Next(4) == 0:
                    pair.Opened.Output.Complete();
                    pair.Up.Completed = true;
                    break;
                case 9 when pair?.Accepted is { } accepted && random.Next(4) == 0:
                    if (random.Next(3) == 0)
                    {
                        accepted.Input.Complete();
                        pair.Up.ReaderDone = true;
                    }

                    accepted.Output.Complete();
                    pair.Down.Completed = true;
                    break;
                case 10 when pair is not null && random.Next(10) == 0:
                    (random.Next(2) == 0 ? pair.Opened : pair.Accepted ?? pair.Opened).Abort(StreamSide.Both, new StreamErrorCode(1));
                    pair.Reset = true;
                    break;
                default:
                    Deliver(end, whole: false);
                    AcceptAll();
                    break;
            }
        }

        // Everybody ends what they have, and everything is delivered.
        foreach (var pair in pairs.Where(static p => !p.Reset))
        {
            pair.Opened.Output.Complete();
        }

        for (var round = 0; round < 10_000; round++)
        {
            Deliver(0, whole: true);
            Deliver(1, whole: true);
            AcceptAll();
            foreach (var pair in pairs.Where(static p => !p.Reset))
            {
                pair.Accepted?.Output.Complete();
                ReadSome(pair.Opened, pair.Down, all: true);
                if (pair.Accepted is { } accepted)
                {
                    ReadSome(accepted, pair.Up, all: true);
                }
            }

            if (ends.All(static end => end.Session.StreamCount == 0) && pairs.All(static p => p.Reset || (p.Down.SawEnd && (p.Up.SawEnd || p.Up.ReaderDone))))
            {
                break;
            }
        }

        foreach (var pair in pairs.Where(static p => !p.Reset))
        {
            pair.Down.SawEnd.ShouldBeTrue($"the end of stream {pair.Opened.Id}");
            pair.Down.Read.ShouldBe(pair.Down.Written);
            pair.Opened.Aborted.IsCancellationRequested.ShouldBeFalse();
            if (!pair.Up.ReaderDone)
            {
                pair.Up.Read.ShouldBe(pair.Up.Written);
            }
        }

        // Streams that were reset may still hold data that had ended before; their users let go of it.
        foreach (var pair in pairs.Where(static p => p.Reset))
        {
            pair.Opened.Input.Complete();
            pair.Accepted?.Input.Complete();
        }

        foreach (var end in ends)
        {
            end.IsEnded.ShouldBeFalse();
            end.Session.StreamCount.ShouldBe(0);
            end.Session.Memory.Held.ShouldBe(0);
            end.Session.End(new ConnectionEnd(ConnectionErrorCode.None, ByRemote: false), 0);
            end.Session.Memory.Close();
        }

        scopes.Reserved.ShouldBe(0);
        otherScope.Reserved.ShouldBe(0);
    }

    /// <summary>Connections: real threads, real loops, seeded operations and wires.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Nothing_is_lost_or_stuck_between_two_connections(int seed)
    {
        var random = new Random(seed);
        var options = new YamuxOptions { MaxInboundStreams = 10_000 };
        using var mine = new TestScope();
        using var theirs = new TestScope();
        var wire = BytePair.Create(new BytePairOptions
        {
            Capacity = 1 << random.Next(10, 20),
            GatherWriter = seed % 2 == 0,
            Segmentation = seed % 4 < 2 ? MemorySegmentation.Whole : MemorySegmentation.Seeded(seed, 5000),
        });
        var pair = await MuxedPair.OverAsync(
            new YamuxMuxer(options), new YamuxMuxer(options), wire, Upgrading.Dialer(scope: mine), Upgrading.Listener(scope: theirs));
        await using (pair)
        {
            async Task ServeAsync(IMuxedConnection connection, int seed)
            {
                var serving = new List<Task>();
                while (await connection.AcceptStreamAsync() is { } stream)
                {
                    serving.Add(ServeOneAsync(stream, new Random(seed++)));
                    serving.RemoveAll(static task => task.IsCompletedSuccessfully);
                }

                await Task.WhenAll(serving);
            }

            // Echoes; now and then gives up.
            static async Task ServeOneAsync(IMuxedStream stream, Random random)
            {
                try
                {
                    if (random.Next(20) == 0)
                    {
                        stream.Abort(StreamSide.Both, new StreamErrorCode(3));
                        return;
                    }

                    await stream.EchoAsync();
                }
                catch (StreamResetException)
                {
                }
                finally
                {
                    await stream.DisposeAsync();
                }
            }

            async Task UseAsync(IMuxedConnection connection, int seed)
            {
                var random = new Random(seed);
                for (var i = 0; i < 40; i++)
                {
                    var stream = await connection.OpenStreamAsync();
                    var sent = DuplexBytes.Pattern(random.Next(5) == 0 ? random.Next(600_000) : random.Next(5_000), seed);
                    try
                    {
                        var writing = stream.Output.WriteToEndAsync(sent, 1 + random.Next(100_000));
                        if (random.Next(15) == 0)
                        {
                            stream.Abort(StreamSide.Both, new StreamErrorCode(2));
                            await Should.ThrowAsync<StreamResetException>(() => stream.Input.ReadToEndAsync());
                            await Task.WhenAny(writing);
                            continue;
                        }

                        var received = await stream.Input.ReadToEndAsync();
                        received.AsSpan().SequenceEqual(sent).ShouldBeTrue();
                        await writing;
                    }
                    catch (StreamResetException error)
                    {
                        error.Code.Value.ShouldBe(3u);
                    }
                    finally
                    {
                        await stream.DisposeAsync();
                    }
                }
            }

            var serving = new[] { ServeAsync(pair.Dialer, seed), ServeAsync(pair.Listener, seed + 100) };
            var using_ = Enumerable.Range(0, 8).Select(n => UseAsync(n % 2 == 0 ? pair.Dialer : pair.Listener, (seed * 100) + n));
            await Task.WhenAll(using_).Within(TimeSpan.FromSeconds(60));
            await Watchdog.Eventually(
                () => ((YamuxConnection)pair.Dialer).Session.StreamCount == 0 && ((YamuxConnection)pair.Listener).Session.StreamCount == 0, what: "all streams to be gone");
            ((YamuxConnection)pair.Dialer).Session.Memory.Held.ShouldBe(0);
            ((YamuxConnection)pair.Listener).Session.Memory.Held.ShouldBe(0);
            await pair.Dialer.DisposeAsync().Within();
            await Task.WhenAll(serving).Within();
        }

        (mine.Reserved + theirs.Reserved).ShouldBe(0);
    }
}
