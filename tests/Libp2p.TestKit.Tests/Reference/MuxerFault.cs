namespace Libp2p.TestKit.Tests.Reference;

/// <summary>A mistake that the reference muxer makes on purpose.</summary>
public enum MuxerFault
{
    None,
    ResetLooksLikeTheEnd,
    LostHalfClose,
    HalfCloseClosesBothWays,
    NoCredit,
    CreditOnArrival,
    NoCreditForDiscarded,
    UnboundedWindow,
    CodeLost,
    WrongSideBlamed,
    ResetEndsTheConnection,
    UnboundedBacklog,
    NoKeepalive,
    EqualRolesAccepted,
    LeakedReservation,
    ReservationFailureEndsTheConnection,
    OpenAfterTheEnd,
    UnannouncedFlush,
    AcceptHangsAtTheEnd,
    UnflushedBytesLostOnClose,
    WritesClosedTooEarly,
    GarbageIgnored,
    WireKeptOpen,
    TruncationLooksLikeAClose,
    CancelledFlushLosesBytes,
}
