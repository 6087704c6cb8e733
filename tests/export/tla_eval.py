"""Explores TLA+ modules of the subset that `imspect export --to tla` writes: there is no TLC in Debian.

    tla_eval.py MODULE.tla...    one line of JSON a module: states, invariants and temporal formulas named in its header

It shares nothing with imspect but the text. Anything outside the subset is an error, never ignored. Functions and records
are dicts, sequences tuples; an action is evaluated as TLC does, primed variables being bound from left to right.
"""
import itertools
import json
import re
import sys

from tla_parse import Parser, tokens

sys.setrecursionlimit(20000)
UNIT = re.compile(r'^(\w+)(?:\(([^)]*)\))? ==', re.M)


class Later:
    """The value of a LET, found when it is first asked for."""
    def __init__(self, make):
        self.make, self.known = make, False

    def get(self):
        if not self.known:
            self.value, self.known = self.make(), True
        return self.value


def key_of(values):
    return values[0] if len(values) == 1 else tuple(values)


def element(function, key):
    return function[key - 1] if isinstance(function, tuple) else function[key]


def frozen(value):
    if isinstance(value, dict):
        return tuple(frozen(value[key]) for key in sorted(value))
    return tuple(frozen(item) for item in value) if isinstance(value, tuple) else value


class Module:
    def __init__(self, text):
        self.formulas = re.findall(r'^\\\*   (INVARIANT|PROPERTY) (\w+):', text, re.M)
        declared = re.search(r'^VARIABLES?\b(.*?)^vars ==', text, re.M | re.S)
        self.variables = [item[1] for item in tokens(text, declared.start(1), declared.end(1)) if item[0] == 'name']
        end = text.rindex('\n====')
        units = [unit for unit in UNIT.finditer(text, 0, end)]
        self.operators = {}
        for unit, following in itertools.zip_longest(units, units[1:]):
            if unit.group(1) == 'Spec':
                continue
            stop = following.start() if following else end
            if unit.start() < declared.start() < stop:
                stop = declared.start()
            body = Parser(tokens(text, unit.end(), stop)).whole()
            params = [name.strip() for name in unit.group(2).split(',')] if unit.group(2) else []
            if unit.group(1) in self.operators:
                raise SyntaxError(f'{unit.group(1)} is defined twice')
            self.operators[unit.group(1)] = (params, body)
        self.spec = re.search(r'^Spec == (.*)$', text, re.M).group(1)
        self.action_memo = {}

    # Expressions

    def assignments(self, bound, state, local):
        names = [name for name, _ in bound]
        sets = [sorted(self.value(domain, state, local), key=lambda v: (str(type(v)), v)) for _, domain in bound]
        for values in itertools.product(*sets):
            yield values, {**local, **dict(zip(names, values))}

    def value(self, node, state, local):
        return getattr(self, 'value_' + node[0])(node, state, local)

    def value_constant(self, node, state, local):
        return node[1]

    def value_missing(self, node, state, local):
        raise ValueError('a CASE without an arm that fits')

    def value_call(self, node, state, local):
        name = node[1]
        if name in local:
            found = local[name]
            if isinstance(found, Later):
                return found.get()
            if callable(found):
                return found(*[self.value(item, state, local) for item in node[2]])
            return found
        if name in state:
            return state[name]
        arguments = [self.value(item, state, local) for item in node[2]]
        if name in self.operators:
            params, body = self.operators[name]
            if len(params) != len(arguments):
                raise TypeError(f'{name} has {len(params)} parameters')
            return self.value(body, state, dict(zip(params, arguments)))
        return BUILT_IN[name](*arguments)

    def value_and(self, node, state, local):
        return all(self.truth(item, state, local) for item in node[1])

    def value_or(self, node, state, local):
        return any(self.truth(item, state, local) for item in node[1])

    def truth(self, node, state, local):
        result = self.value(node, state, local)
        if result is not True and result is not False:
            raise TypeError(f'{result!r} is neither TRUE nor FALSE')
        return result

    def value_not(self, node, state, local):
        return not self.truth(node[1], state, local)

    def value_binary(self, node, state, local):
        left, right = self.value(node[2], state, local), self.value(node[3], state, local)
        if node[1] in ('=', '#') and type(left) is not type(right):
            raise TypeError(f'TLC would not compare {left!r} with {right!r}')
        return OPERATORS[node[1]](left, right)

    def value_apply(self, node, state, local):
        return element(self.value(node[1], state, local), key_of([self.value(item, state, local) for item in node[2]]))

    def value_tuple(self, node, state, local):
        return tuple(self.value(item, state, local) for item in node[1])

    def value_all(self, node, state, local):
        return all(self.truth(node[2], state, inner) for _, inner in self.assignments(node[1], state, local))

    def value_some(self, node, state, local):
        return any(self.truth(node[2], state, inner) for _, inner in self.assignments(node[1], state, local))

    def value_union(self, node, state, local):
        return frozenset().union(*self.value(node[1], state, local))

    def value_if(self, node, state, local):
        return self.value(node[2] if self.truth(node[1], state, local) else node[3], state, local)

    def value_let(self, node, state, local):
        return self.value(node[2], state, self.with_lets(node, state, local))

    def with_lets(self, node, state, local):
        inner = dict(local)
        for name, params, body in node[1]:
            if params:
                inner[name] = lambda *given, p=params, b=body: self.value(b, state, {**inner, **dict(zip(p, given))})
            else:
                inner[name] = Later(lambda b=body: self.value(b, state, inner))
        return inner

    def value_record(self, node, state, local):
        return {name: self.value(item, state, local) for name, item in node[1]}

    def value_function(self, node, state, local):
        result = {key_of(values): self.value(node[2], state, inner) for values, inner in self.assignments(node[1], state, local)}
        is_sequence = len(node[1]) == 1 and node[1][0][1][:2] == ('binary', '..') and sorted(result) == list(range(1, len(result) + 1))
        return tuple(result[i] for i in sorted(result)) if is_sequence else result

    def value_except(self, node, state, local):
        result = self.value(node[1], state, local)
        for path, new in node[2]:
            keys = [key_of([self.value(item, state, local) for item in step]) for step in path]
            result = self.changed(result, keys, new, state, local)
        return result

    def changed(self, base, keys, new, state, local):
        if not keys:
            return self.value(new, state, {**local, '@': base})
        if isinstance(base, tuple):
            index = keys[0] - 1
            return base[:index] + (self.changed(base[index], keys[1:], new, state, local),) + base[index + 1:]
        if keys[0] not in base:
            return base  # TLA+: outside the domain nothing changes
        return {**base, keys[0]: self.changed(base[keys[0]], keys[1:], new, state, local)}

    def value_filter(self, node, state, local):
        return frozenset(key_of(values) for values, inner in self.assignments(node[1], state, local) if self.truth(node[2], state, inner))

    def value_image(self, node, state, local):
        return frozenset(self.value(node[1], state, inner) for _, inner in self.assignments(node[2], state, local))

    def value_set(self, node, state, local):
        return frozenset(self.value(item, state, local) for item in node[1])

    # Actions

    def is_action(self, node):
        if not isinstance(node, (tuple, list)):
            return False
        if id(node) not in self.action_memo:
            self.action_memo[id(node)] = (node[:1] in (('prime',), ('unchanged',)) or
                                          (node[:1] == ('call',) and node[1] in self.operators and self.is_action(self.operators[node[1]][1])) or
                                          any(self.is_action(item) for item in node))
        return self.action_memo[id(node)]

    def steps(self, node, state, local, primed):
        if not self.is_action(node):
            if self.truth(node, state, local):
                yield primed
        elif node[0] == 'and':
            yield from self.sequence(node[1], state, local, primed)
        elif node[0] == 'or':
            for item in node[1]:
                yield from self.steps(item, state, local, primed)
        elif node[0] == 'some':
            for _, inner in self.assignments(node[1], state, local):
                yield from self.steps(node[2], state, inner, primed)
        elif node[0] == 'call':
            params, body = self.operators[node[1]]
            yield from self.steps(body, state, dict(zip(params, [self.value(item, state, local) for item in node[2]])), primed)
        elif node[0] == 'let':
            yield from self.steps(node[2], state, self.with_lets(node, state, local), primed)
        elif node[0] == 'unchanged':
            names = [item[1] for item in node[1][1]] if node[1][0] == 'tuple' else self.variables
            yield {**primed, **self.once(primed, {name: state[name] for name in names})}
        elif node[0] == 'binary' and node[1] == '=' and node[2][0] == 'prime':
            yield {**primed, **self.once(primed, {node[2][1]: self.value(node[3], state, local)})}
        else:
            raise SyntaxError(f'an action of this form is not in the subset: {node[0]}')

    @staticmethod
    def once(primed, new):
        if set(primed) & set(new):
            raise ValueError(f'assigned twice: {sorted(set(primed) & set(new))}')
        return new

    def sequence(self, items, state, local, primed):
        if not items:
            yield primed
            return
        for after in self.steps(items[0], state, local, primed):
            yield from self.sequence(items[1:], state, local, after)

    def successors(self, action, state, local):
        for primed in self.steps(action, state, local, {}):
            if set(primed) != set(self.variables):
                raise ValueError(f'left open: {sorted(set(self.variables) - set(primed))}')
            yield self.key(primed), primed

    def key(self, state):
        return tuple(frozen(state[name]) for name in self.variables)

    # Questions

    def initial(self):
        body = self.operators['Init'][1]
        state = {}
        for item in body[1] if body[0] == 'and' else [body]:
            state[item[2][1]] = self.value(item[3], {}, {})
        if set(state) != set(self.variables):
            raise ValueError('Init leaves something open')
        return state

    def explore(self):
        first = self.initial()
        self.states = {self.key(first): first}
        self.edges = {}
        pending = [self.key(first)]
        action, typed = self.operators['Next'][1], self.operators['TypeOK'][1]
        for key in pending:
            if not self.truth(typed, self.states[key], {}):
                return False  # beyond it nothing means anything
            self.edges[key] = set()
            for target, state in self.successors(action, self.states[key], {}):
                self.edges[key].add(target)
                if target not in self.states:
                    self.states[target] = state
                    pending.append(target)
        return True

    def fair_steps(self):
        if 'Fairness' not in self.operators:
            return []
        result = []
        for item in self.operators['Fairness'][1][1]:
            bound, body = (item[1], item[2]) if item[0] == 'all' else ([], item)
            if body[:2] != ('call', 'WF_vars'):
                raise SyntaxError('fairness of another form')
            for _, local in self.assignments(bound, {}, {}):
                result.append({key: {target for target, _ in self.successors(body[2][0], state, local)} - {key} for key, state in self.states.items()})
        return result

    def leads(self, start, goal, fair):
        """No fair run, which may stutter, stays outside the goal from a state of the start on."""
        outside = {key for key, state in self.states.items() if not self.truth(goal, state, {})}
        bad = set()
        for component in components(outside, self.edges):
            if all(any(not step[key] or step[key] & component for key in component) for step in fair):
                bad |= component
        backward = {key: [] for key in outside}
        for key in outside:
            for target in self.edges[key] & outside:
                backward[target].append(key)
        pending = list(bad)
        for key in pending:
            for source in backward[key]:
                if source not in bad:
                    bad.add(source)
                    pending.append(source)
        return not any(self.truth(start, self.states[key], {}) for key in bad)

    def answer(self):
        if not self.explore():
            return {'TypeOK': False}
        fair = self.fair_steps()
        result = {'TypeOK': True, 'states': len(self.states), 'fair': len(fair), 'formulas': {}}
        for kind, name in self.formulas:
            if kind == 'INVARIANT':
                result['formulas'][name] = self.always(name)
                continue
            body = self.operators[name][1]
            parts = body[1] if body[0] == 'and' else [body]
            result['formulas'][name] = all(part == ('call', 'TRUE', []) or self.leads(part[1], part[2], fair) for part in parts)
        return result

    def always(self, name):
        return all(self.truth(self.operators[name][1], state, {}) for state in self.states.values())


def components(nodes, edges):
    """Strongly connected components (Tarjan), single states included: a run may stand still."""
    index, low, stack, on, result = {}, {}, [], set(), []
    for root in nodes:
        if root in index:
            continue
        work = [(root, iter(edges[root] & nodes))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on.add(root)
        while work:
            node, targets = work[-1]
            target = next(targets, None)
            if target is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    component = set()
                    while node not in component:
                        component.add(stack.pop())
                    on -= component
                    result.append(component)
            elif target not in index:
                index[target] = low[target] = len(index)
                stack.append(target)
                on.add(target)
                work.append((target, iter(edges[target] & nodes)))
            elif target in on:
                low[node] = min(low[node], index[target])
    return result


def tail(sequence):
    if not sequence:
        raise ValueError('Tail of an empty sequence')
    return sequence[1:]


BUILT_IN = {'TRUE': lambda: True, 'FALSE': lambda: False, 'BOOLEAN': lambda: frozenset((False, True)), 'Len': len, 'Tail': tail,
            'Append': lambda sequence, item: sequence + (item,), 'Cardinality': len, 'SubSeq': lambda sequence, first, last: sequence[first - 1:last]}
OPERATORS = {'=': lambda a, b: a == b, '#': lambda a, b: a != b, '<': lambda a, b: a < b, '<=': lambda a, b: a <= b, '+': lambda a, b: a + b,
             '-': lambda a, b: a - b, '..': lambda a, b: frozenset(range(a, b + 1)), '\\': lambda a, b: a - b, '\\o': lambda a, b: a + b,
             '\\in': lambda a, b: a in b}

if __name__ == '__main__':
    for path in sys.argv[1:]:
        with open(path, encoding='utf-8') as file:
            print(json.dumps(Module(file.read()).answer()), flush=True)
