"""The syntax of the TLA+ subset that `imspect export --to tla` writes: text to nested tuples. See tla_eval.py."""
import re

TOKEN = re.compile(r'\s+|\\\*[^\n]*|(?P<string>"(?:[^"\\]|\\.)*")|(?P<number>\d+)|(?P<name>[A-Za-z_]\w*)|'
                   r"(?P<symbol>\\in|\\o|\\A|\\E|/\\|\\/|\|->|->|==|<=|<<|>>|\.\.|~>|\[\]|[\\~#=<+\-\[\](){},:!.@'])")
WORDS = {'IF', 'THEN', 'ELSE', 'CASE', 'OTHER', 'LET', 'IN', 'EXCEPT', 'UNION', 'UNCHANGED'}
END = ('end', '', -1)


def tokens(text, at, end):
    while at < end:
        match = TOKEN.match(text, at, end)
        if not match:
            raise SyntaxError(f'not in the subset: {text[at:at + 40]!r}')
        if match.lastgroup:
            kind, value = match.lastgroup, match.group()
            column = at - text.rfind('\n', 0, at) - 1
            yield (value if kind == 'symbol' or value in WORDS else kind, value, column)
        at = match.end()


class Parser:
    def __init__(self, items):
        self.items, self.at, self.columns = list(items), 0, [-1]

    def peek(self, ahead=0):
        if self.at + ahead >= len(self.items):
            return END
        token = self.items[self.at + ahead]
        return token if token[2] > self.columns[-1] else END

    def take(self, kind=None):
        token = self.peek()
        if kind and token[0] != kind:
            raise SyntaxError(f'expected {kind}, found {token}')
        self.at += 1
        return token[1]

    def accept(self, kind):
        if self.peek()[0] == kind:
            self.at += 1
            return True
        return False

    def whole(self):
        result = self.expression()
        if self.at != len(self.items):
            raise SyntaxError(f'left over: {self.items[self.at:self.at + 5]}')
        return result

    def expression(self):
        left = self.junction()
        return ('leads', left, self.junction()) if self.accept('~>') else left

    def junction(self):
        kind, _, column = self.peek()
        if kind in ('/\\', '\\/'):  # a list, its bullets in one column
            items = []
            while self.peek() != END and self.peek()[0] == kind and self.peek()[2] == column:
                self.take()
                self.columns.append(column)
                items.append(self.expression())
                self.columns.pop()
            return ('and' if kind == '/\\' else 'or', items)
        items = [self.comparison()]
        kind = self.peek()[0]
        while kind in ('/\\', '\\/') and self.accept(kind):
            items.append(self.comparison())
        if self.peek()[0] in ('/\\', '\\/'):
            raise SyntaxError('/\\ beside \\/')
        return items[0] if len(items) == 1 else ('and' if kind == '/\\' else 'or', items)

    def comparison(self):
        if self.accept('~'):
            return ('not', self.comparison())
        left = self.sum()
        kind = self.peek()[0]
        if kind in ('=', '#', '<', '<=', '\\in'):
            self.take()
            return ('binary', kind, left, self.sum())
        return left

    def sum(self):
        left = self.postfix()
        while self.peek()[0] in ('+', '-', '..', '\\', '\\o'):
            kind = self.take()
            left = ('binary', kind, left, self.postfix())
        return left

    def postfix(self):
        left = self.primary()
        while True:
            if self.accept('['):
                left = ('apply', left, self.listed(']'))
            elif self.accept('.'):
                left = ('apply', left, [('constant', self.take('name'))])
            elif self.accept("'"):
                left = ('prime', left[1])
            else:
                return left

    def listed(self, end):
        items = []
        while not self.accept(end):
            items.append(self.expression())
            if not self.accept(','):
                self.take(end)
                break
        return items

    def binders(self):
        result = []
        while True:
            name = self.take('name')
            self.take('\\in')
            result.append((name, self.sum()))
            if not self.accept(','):
                return result

    def primary(self):
        kind, value, _ = self.peek()
        self.at += 1
        if kind == 'number':
            return ('constant', int(value))
        if kind == 'string':
            return ('constant', re.sub(r'\\(.)', r'\1', value[1:-1]))
        if kind == 'name':
            return ('call', value, self.listed(')') if self.accept('(') else [])
        if kind == '@':
            return ('call', '@', [])
        if kind == '-':
            return ('binary', '-', ('constant', 0), self.postfix())
        if kind == '(':
            inner = self.expression()
            self.take(')')
            return inner
        if kind == '<<':
            return ('tuple', self.listed('>>'))
        if kind in ('\\A', '\\E'):
            bound = self.binders()
            self.take(':')
            return ('all' if kind == '\\A' else 'some', bound, self.expression())
        if kind == 'UNION':
            return ('union', self.postfix())
        if kind == 'UNCHANGED':
            return ('unchanged', self.postfix())
        return getattr(self, 'after_' + {'[': 'bracket', '{': 'brace'}.get(kind, kind.lower()))()

    def after_if(self):
        condition = self.expression()
        self.take('THEN')
        yes = self.expression()
        self.take('ELSE')
        return ('if', condition, yes, self.expression())

    def after_case(self):
        arms = []
        while True:
            condition = ('constant', True) if self.accept('OTHER') else self.expression()
            self.take('->')
            arms.append((condition, self.expression()))
            if not self.accept('[]'):
                break
        result = ('missing',)
        for condition, value in reversed(arms):
            result = ('if', condition, value, result)
        return result

    def after_let(self):
        definitions = []
        while not self.accept('IN'):
            name, params = self.take('name'), []
            if self.accept('('):
                params = [item[1] for item in self.listed(')')]
            self.take('==')
            definitions.append((name, params, self.expression()))
        return ('let', definitions, self.expression())

    def after_bracket(self):
        follows = self.peek(1)[0]
        if self.peek()[0] == 'name' and follows == '|->':
            fields = []
            while True:
                name = self.take('name')
                self.take('|->')
                fields.append((name, self.expression()))
                if not self.accept(','):
                    break
            self.take(']')
            return ('record', fields)
        if self.peek()[0] == 'name' and follows == '\\in':
            bound = self.binders()
            self.take('|->')
            body = self.expression()
            self.take(']')
            return ('function', bound, body)
        base = self.expression()
        self.take('EXCEPT')
        changes = []
        while True:
            self.take('!')
            path = []
            while self.peek()[0] in ('.', '['):
                path.append([('constant', self.take('name'))] if self.accept('.') else (self.take('['), self.listed(']'))[1])
            self.take('=')
            changes.append((path, self.expression()))
            if not self.accept(','):
                break
        self.take(']')
        return ('except', base, changes)

    def after_brace(self):
        if self.peek()[0] == 'name' and self.peek(1)[0] == '\\in':
            bound = self.binders()
            self.take(':')
            body = self.expression()
            self.take('}')
            return ('filter', bound, body)
        if self.accept('}'):
            return ('set', [])
        first = self.expression()
        if self.accept(':'):
            bound = self.binders()
            self.take('}')
            return ('image', first, bound)
        if self.accept('}'):
            return ('set', [first])
        self.take(',')
        return ('set', [first] + self.listed('}'))
