using System.Collections.Immutable;

namespace Libp2p.Swarm;

/// <summary>How a swarm dials: how many at once, in what order, how long, and what it does not try.</summary>
public sealed class DialOptions
{
    /// <summary>How many addresses of one peer are dialed at the same time. 1 to 1,024, default 8.</summary>
    public int MaxDialsPerPeer { get; set; } = 8;

    /// <summary>
    /// How many addresses of all peers are dialed at the same time: each may take a file descriptor. Those through a relay count apart, to as many: each may wait for the dial of its relay.
    /// 1 to 65,536, default 160.
    /// </summary>
    public int MaxDials { get; set; } = 160;

    /// <summary>How many addresses of one peer are considered in a dial; the rest are counted in the report. 1 to 10,000, default 100.</summary>
    public int MaxAddresses { get; set; } = 100;

    /// <summary>To reach one public address and upgrade the connection. 100 ms to 10 min, default 15 s.</summary>
    public TimeSpan AddressTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>To reach one private or loopback address and upgrade the connection. 100 ms to 10 min, default 5 s.</summary>
    public TimeSpan PrivateAddressTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>For all addresses of a peer together, from the first who asks. 100 ms to 1 h, default 60 s.</summary>
    public TimeSpan PeerTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How much later than a better public or relayed address the next one is dialed: TCP after QUIC, IPv4 after IPv6. 0 to 1 min, default 250 ms; 0: all at once.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The same among private and loopback addresses, which are dialed beside the public ones. 0 to 1 min, default 30 ms.</summary>
    public TimeSpan PrivateDelay { get; set; } = TimeSpan.FromMilliseconds(30);

    /// <summary>How much later relayed addresses are dialed where there are public ones. 0 to 1 min, default 500 ms.</summary>
    public TimeSpan RelayDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an address of a peer that failed once is not tried again, unless a caller names it. 0 to 1 h, default 5 s; 0: no back-off at all.</summary>
    public TimeSpan BackOffBase { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What is added for failures before the last: times their number squared. 0 to 1 min, default 1 s.</summary>
    public TimeSpan BackOffStep { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest back-off; at least <see cref="BackOffBase"/>. Up to 1 day, default 5 min.</summary>
    public TimeSpan BackOffMax { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many addresses in back-off are remembered, of all peers; when full, the one that ends first gives way. 1 to 1,000,000, default 10,000.</summary>
    public int MaxBackOffs { get; set; } = 10_000;

    /// <summary>
    /// Over how many dials to public addresses it is judged whether UDP, or IPv6, leads anywhere from here; where it does not, one in as many is tried. 1 to 10,000, default 100.
    /// </summary>
    public int BlackHoleWindow { get; set; } = 100;

    /// <summary>How many of them must have reached somebody. 0 to the window, default 5; 0: all is always tried.</summary>
    public int BlackHoleMinSuccesses { get; set; } = 5;

    /// <summary>How deep names may lead to names (<c>dnsaddr</c>). 1 to 16, default 4.</summary>
    public int MaxNameDepth { get; set; } = 4;

    /// <summary>How many questions the names of one dial may cost together, those that answers lead to included. 1 to 1,024, default 32.</summary>
    public int MaxNameLookups { get; set; } = 32;

    /// <summary>How many texts of one answer to <c>dnsaddr</c> are looked at. 1 to 1,024, default 16.</summary>
    public int MaxNameRecords { get; set; } = 16;

    /// <summary>How long one name may take, those that its answers lead to included. 100 ms to 10 min, default 10 s.</summary>
    public TimeSpan NameTimeout { get; set; } = TimeSpan.FromSeconds(10);

    internal void Validate(ImmutableArray<string>.Builder problems)
    {
        var minute = TimeSpan.FromMinutes(1);
        Range(MaxDialsPerPeer, 1, 1024, nameof(MaxDialsPerPeer));
        Range(MaxDials, 1, 65_536, nameof(MaxDials));
        Range(MaxAddresses, 1, 10_000, nameof(MaxAddresses));
        Time(AddressTimeout, TimeSpan.FromMinutes(10), nameof(AddressTimeout));
        Time(PrivateAddressTimeout, TimeSpan.FromMinutes(10), nameof(PrivateAddressTimeout));
        Time(PeerTimeout, TimeSpan.FromHours(1), nameof(PeerTimeout));
        Range(Delay, TimeSpan.Zero, minute, nameof(Delay));
        Range(PrivateDelay, TimeSpan.Zero, minute, nameof(PrivateDelay));
        Range(RelayDelay, TimeSpan.Zero, minute, nameof(RelayDelay));
        Range(BackOffBase, TimeSpan.Zero, TimeSpan.FromHours(1), nameof(BackOffBase));
        Range(BackOffStep, TimeSpan.Zero, minute, nameof(BackOffStep));
        Range(BackOffMax, BackOffBase, TimeSpan.FromDays(1), nameof(BackOffMax));
        Range(MaxBackOffs, 1, 1_000_000, nameof(MaxBackOffs));
        Range(BlackHoleWindow, 1, 10_000, nameof(BlackHoleWindow));
        Range(BlackHoleMinSuccesses, 0, Math.Max(0, BlackHoleWindow), nameof(BlackHoleMinSuccesses));
        Range(MaxNameDepth, 1, 16, nameof(MaxNameDepth));
        Range(MaxNameLookups, 1, 1024, nameof(MaxNameLookups));
        Range(MaxNameRecords, 1, 1024, nameof(MaxNameRecords));
        Time(NameTimeout, TimeSpan.FromMinutes(10), nameof(NameTimeout));
        if (MaxDialsPerPeer > MaxDials)
        {
            problems.Add($"{Name(nameof(MaxDialsPerPeer))} ({MaxDialsPerPeer}) is above MaxDials ({MaxDials}): lower the first or raise the second.");
        }

        void Time(TimeSpan value, TimeSpan most, string name) => Range(value, TimeSpan.FromMilliseconds(100), most, name);

        void Range<T>(T value, T least, T most, string name) where T : IComparable<T> => SwarmOptions.Range(problems, value, least, most, Name(name));
    }

    /// <summary>How messages call an option.</summary>
    internal static string Name(string option) => $"{nameof(SwarmOptions.Dialing)}:{option}";
}
