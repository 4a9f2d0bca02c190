using System.Collections.Immutable;
using System.Net;
using Libp2p.Multiformats;

namespace Libp2p;

/// <summary>Something that happened in a node.</summary>
public abstract record NodeEvent;

/// <summary>A connection is ready.</summary>
/// <param name="Connection">Which.</param>
public sealed record ConnectionOpened(IConnection Connection) : NodeEvent;

/// <summary>A connection ended.</summary>
/// <param name="Connection">Which.</param>
/// <param name="End">How.</param>
public sealed record ConnectionClosed(IConnection Connection, ConnectionEnd End) : NodeEvent;

/// <summary>A dial is over.</summary>
/// <param name="Report">What was tried, why something was skipped, and how each attempt ended.</param>
/// <param name="Connection">What it brought: a connection of its own, or one that came meanwhile; null: none.</param>
/// <param name="Error">Why it failed; null: it brought a connection, or nobody waited any more.</param>
public sealed record DialEnded(DialReport Report, IConnection? Connection, Exception? Error) : NodeEvent;

/// <summary>An incoming connection failed before it was ready.</summary>
/// <param name="Remote">From where.</param>
/// <param name="Cause">Why.</param>
public sealed record IncomingFailed(Multiaddr Remote, Exception Cause) : NodeEvent;

/// <summary>A peer told what it is: by identify or identify-push.</summary>
/// <param name="Connection">On which connection.</param>
/// <param name="Info">What it told.</param>
/// <param name="Pushed">Whether it pushed.</param>
public sealed record PeerIdentified(IConnection Connection, IdentifyInfo Info, bool Pushed) : NodeEvent;

/// <summary>A peer measured the throughput to this node and back (perf), to the end.</summary>
/// <param name="Connection">On which connection.</param>
/// <param name="Uploaded">Bytes that it sent.</param>
/// <param name="Downloaded">Bytes that it asked for and was sent.</param>
public sealed record PerfServed(IConnection Connection, long Uploaded, long Downloaded) : NodeEvent;

/// <summary>The listen addresses changed.</summary>
/// <param name="Addresses">All of them now.</param>
public sealed record ListenAddressesChanged(ImmutableArray<Multiaddr> Addresses) : NodeEvent;

/// <summary>The external addresses changed (<see cref="INode.ExternalAddresses"/>).</summary>
/// <param name="Addresses">All of them now.</param>
public sealed record ExternalAddressesChanged(ImmutableArray<Multiaddr> Addresses) : NodeEvent;

/// <summary>The machine's network changed: interfaces came or went, or it slept. Connections from an address that is gone are closed.</summary>
/// <param name="Added">The addresses that came.</param>
/// <param name="Removed">The addresses that went.</param>
/// <param name="Slept">Whether the machine slept, or its clock was set forward.</param>
public sealed record NetworkChanged(ImmutableArray<IPAddress> Added, ImmutableArray<IPAddress> Removed, bool Slept) : NodeEvent;

/// <summary>A limit of this node refused something. Told at the first refusal of a limit, then at most every 5 seconds.</summary>
/// <param name="Denial">The latest refusal: which limit, its use, and the option that changes it.</param>
/// <param name="Count">How many refusals of that limit there were since the last such event.</param>
public sealed record LimitReached(ResourceDenial Denial, long Count) : NodeEvent;

/// <summary>The pressure on the budgets changed.</summary>
/// <param name="Pressure">What it is now.</param>
public sealed record ResourcePressureChanged(ResourcePressure Pressure) : NodeEvent;

/// <summary>A connection is being closed because resources run short and others are worth more (<see cref="IResourceGovernor"/>); <see cref="ConnectionClosed"/> follows.</summary>
/// <param name="Connection">Which.</param>
public sealed record ConnectionEvicted(IConnection Connection) : NodeEvent;

/// <summary>The protocols served changed.</summary>
/// <param name="Protocols">All of them now.</param>
public sealed record ProtocolsChanged(ImmutableArray<ProtocolId> Protocols) : NodeEvent;

/// <summary>The subscriber was too slow, and events were dropped before this one.</summary>
/// <param name="Count">How many.</param>
public sealed record EventsDropped(long Count) : NodeEvent;
