using Libp2p.Multiformats;

namespace Libp2p.Endurance.Soak;

/// <summary>Conversations, several at a time, one after the other, until they are enough or one fails. Thread-safe.</summary>
internal sealed class Talks
{
    private const int AtATime = 8;

    private readonly Peer _peer;
    private readonly IConnection _connection;
    private readonly Multiaddr _address;
    private readonly long _most;
    private readonly long[] _counts = new long[Talk.Kinds.Count];
    private readonly List<Task> _turns = [];
    private long _begun;
    private long _ended;
    private volatile string? _failed;
    private volatile bool _ending;

    private Talks(Peer peer, IConnection connection, Multiaddr address, long most) => (_peer, _connection, _address, _most) = (peer, connection, address, most);

    /// <summary>The first that failed, and how; null: none.</summary>
    public string? Failed => _failed;

    /// <summary>Conversations that ended well.</summary>
    public long Count => Interlocked.Read(ref _ended);

    public bool IsDone => Count >= _most;

    public static async Task<Talks> BeginAsync(Peer peer, Multiaddr address, int seed, long most)
    {
        var talks = new Talks(peer, await peer.Node.ConnectAsync(address).ConfigureAwait(false), address, most);
        talks._turns.AddRange(Enumerable.Range(0, AtATime).Select(turn => Task.Run(() => talks.TakeTurnsAsync(new Random(seed + turn)))));
        return talks;
    }

    /// <summary>Begins none any more; waits for those that go on, and for the end of the connection they had.</summary>
    public async Task<string?> EndAsync()
    {
        _ending = true;
        await Task.WhenAll(_turns).ConfigureAwait(false);
        await _connection.CloseAsync().ConfigureAwait(false);
        return _failed;
    }

    public string Describe() => string.Join(", ", Talk.Kinds.Select((kind, index) => $"{Interlocked.Read(ref _counts[index])} {kind.Name}"));

    private async Task TakeTurnsAsync(Random random)
    {
        while (!_ending && _failed is null && Interlocked.Increment(ref _begun) is var number && number <= _most)
        {
            // One of each first, then as they are drawn.
            var kind = number <= Talk.Kinds.Count ? (int)number - 1 : Draw(random);
            var talk = new Talk(_peer, _connection, _address, random);
            try
            {
                await Talk.Kinds[kind].Have(talk).For(talk.ToString).ConfigureAwait(false);
                Interlocked.Increment(ref _counts[kind]);
                Interlocked.Increment(ref _ended);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _failed, $"{Talk.Kinds[kind].Name}, at '{talk}': {e}; streams: {string.Join(", ", _connection.Streams)}", null);
            }
        }
    }

    private static int Draw(Random random)
    {
        var at = random.Next(Talk.Kinds.Sum(static kind => kind.Weight));
        for (var kind = 0; ; kind++)
        {
            if ((at -= Talk.Kinds[kind].Weight) < 0)
            {
                return kind;
            }
        }
    }
}
