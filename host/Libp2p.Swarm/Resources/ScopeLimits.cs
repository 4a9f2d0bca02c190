namespace Libp2p.Swarm.Resources;

/// <summary>What the scopes of one kind may hold. Shared by all of them.</summary>
internal sealed class ScopeLimits(ResourceGovernor governor, long bytes, string bytesOption, int streams = ResourceScope.MaxStreams, string streamsOption = "")
{
    private readonly long _low = bytes / 10 * 6;
    private readonly long _medium = bytes / 10 * 9;
    private long _alarm = long.MaxValue;

    public ResourceGovernor Governor => governor;

    public long Bytes => bytes;

    public string BytesOption => bytesOption;

    public int Streams => streams;

    public string StreamsOption => streamsOption;

    /// <summary>From so many bytes on the governor wants to know of a reservation.</summary>
    public long Alarm
    {
        get => Volatile.Read(ref _alarm);
        set => Volatile.Write(ref _alarm, value);
    }

    /// <summary>Up to where a reservation may fill the scope: what is optional less than what nothing works without.</summary>
    public long Ceiling(ReservationPriority priority) => priority switch
    {
        ReservationPriority.Low => _low,
        ReservationPriority.Medium => _medium,
        _ => bytes,
    };

    public ResourceDenial Refuse(string scope, long asked, long used, long limit, ReservationPriority priority, ConnectionDirection? direction = null) =>
        governor.Refusals.Add(new ResourceDenial(scope, asked, used, limit, bytesOption) { Direction = direction }, isOrdinary: priority == ReservationPriority.Low);

    public ResourceDenial RefuseStreams(string scope, int asked, int used, ConnectionDirection? direction) =>
        governor.Refusals.Add(new ResourceDenial(scope, asked, used, streams, streamsOption, "streams") { Direction = direction });
}
