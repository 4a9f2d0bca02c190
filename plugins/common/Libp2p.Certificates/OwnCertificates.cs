using System.Runtime.CompilerServices;

namespace Libp2p.Certificates;

/// <summary>
/// What a node shows instead of each certificate: one an identity, made at first use and never stored, and anew once half of its life is over, so that no remote sees it expire. Thread-safe.
/// </summary>
/// <typeparam name="T">What is made of a certificate and kept with it.</typeparam>
/// <param name="make">Makes it, of an identity and the time. Those replaced are left to the collector: handshakes may still use them.</param>
/// <param name="lifetime">How long what is made is valid.</param>
public sealed class OwnCertificates<T>(Func<NodeIdentity, DateTimeOffset, T> make, TimeSpan lifetime)
    where T : class
{
    private readonly Lock _gate = new();
    private readonly ConditionalWeakTable<NodeIdentity, Current> _all = [];

    /// <summary>The one to use now.</summary>
    public T Get(NodeIdentity identity, DateTimeOffset now)
    {
        if (_all.TryGetValue(identity, out var current) && current.IsFresh(now)) return current.Value;
        lock (_gate)
        {
            if (_all.TryGetValue(identity, out current) && current.IsFresh(now)) return current.Value;
            current = new Current(make(identity, now), now, now + (lifetime / 2));
            _all.AddOrUpdate(identity, current);
            return current.Value;
        }
    }

    /// <summary>Valid in a clock that may also be set back.</summary>
    private sealed record Current(T Value, DateTimeOffset Made, DateTimeOffset Renew)
    {
        public bool IsFresh(DateTimeOffset now) => now < Renew && now > Made - (OwnCertificate.Backdated / 2);
    }
}
