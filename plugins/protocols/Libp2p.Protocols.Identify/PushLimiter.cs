using System.Buffers.Binary;
using Libp2p.Multiformats;

namespace Libp2p.Protocols.Identify;

/// <summary>
/// How many pushes are let in: so many at once, so many a second from all, so many a second from one IPv4 /24 or IPv6 /56; loopback is exempt from the last. Time comes in with
/// each call, by a clock that nobody sets: one set back would refill nothing until it is where it was. Thread-safe; remembers at most <see cref="IdentifyLimits.Networks"/> networks, and refuses strangers while all of them are busy.
/// </summary>
internal sealed class PushLimiter(IdentifyOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, Bucket> _networks = [];
    private Bucket _all = new(options.MaxPushesPerSecond, default);
    private int _running;

    /// <summary>Lets one in, or not; one that is let in must <see cref="Leave"/>.</summary>
    public bool TryEnter(Multiaddr remote, TimeSpan now)
    {
        lock (_gate)
        {
            if (_running >= options.MaxParallelPushes || !_all.CanTake(now, options.MaxPushesPerSecond, options.MaxPushesPerSecond))
            {
                return false;
            }

            if (NetworkOf(remote) is { } network && !TryTake(network, now))
            {
                return false;
            }

            _all = _all.Take();
            _running++;
            return true;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            _running--;
        }
    }

    private bool TryTake(ulong network, TimeSpan now)
    {
        if (!_networks.TryGetValue(network, out var bucket))
        {
            if (_networks.Count >= IdentifyLimits.Networks)
            {
                Forget(now);
                if (_networks.Count >= IdentifyLimits.Networks)
                {
                    return false;
                }
            }

            bucket = new Bucket(options.PushBurst, now);
        }

        var can = bucket.CanTake(now, options.MaxPushesPerSecondAndNetwork, options.PushBurst);
        _networks[network] = can ? bucket.Take() : bucket;
        return can;
    }

    private void Forget(TimeSpan now)
    {
        foreach (var (network, bucket) in _networks)
        {
            var refilled = bucket;
            refilled.Refill(now, options.MaxPushesPerSecondAndNetwork, options.PushBurst);
            if (refilled.Tokens >= options.PushBurst)
            {
                _networks.Remove(network);
            }
        }
    }

    /// <summary>The network that a remote is counted with; null: not counted.</summary>
    private static ulong? NetworkOf(Multiaddr remote)
    {
        if (remote.IsLoopback)
        {
            return null;
        }

        foreach (var component in remote.Components)
        {
            switch (component.Protocol.Code)
            {
                case MultiaddrProtocol.Codes.Ip4:
                    return BinaryPrimitives.ReadUInt32BigEndian(component.Value) >> 8;
                case MultiaddrProtocol.Codes.Ip6:
                    return (BinaryPrimitives.ReadUInt64BigEndian(component.Value) >> 8) | (1UL << 63);
                case MultiaddrProtocol.Codes.Ip6zone:
                    continue;
                default:
                    // Relayed, or of no IP network: counted together.
                    return ulong.MaxValue;
            }
        }

        return ulong.MaxValue;
    }

    private struct Bucket(double tokens, TimeSpan since)
    {
        private TimeSpan _since = since;

        public double Tokens { get; private set; } = tokens;

        public void Refill(TimeSpan now, double perSecond, double most)
        {
            if (now > _since)
            {
                Tokens = Math.Min(most, Tokens + ((now - _since).TotalSeconds * perSecond));
                _since = now;
            }
        }

        public bool CanTake(TimeSpan now, double perSecond, double most)
        {
            Refill(now, perSecond, most);
            return Tokens >= 1;
        }

        public readonly Bucket Take() => this with { Tokens = Tokens - 1 };
    }
}
